//! Reading a manifest's JSON more strictly than JSON asks: no key twice, no unknown key, no deep
//! nesting.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{File, InvalidManifest, MAX_FILES, Manifest, VERSION};
use crate::Error;
use crate::cobblestone::Salt;

/// How deep arrays and objects may nest: the manifest itself is 1, a file in it 3.
const MAX_DEPTH: usize = 16;
/// The largest integer that every JSON reader takes for itself: 2^53 - 1 (RFC 7493, 2.2).
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// Reads a manifest, field by field. Rules about more than one field are checked by [`Manifest`].
pub(super) fn read(json: &[u8]) -> Result<Manifest, Error> {
    let mut manifest = Object::of(parse(json)?)?;
    // The version first: what a later version means by the rest is not for us to judge.
    match manifest.integer("v")? {
        v if v == VERSION => {}
        v if v > VERSION => return Err(Error::NewerVersion),
        _ => return Err(InvalidManifest::Field.into()),
    }
    let read = Manifest {
        salt: salt(&manifest.string("salt")?)?,
        size: manifest.integer("size")?,
        padded: manifest.integer("padded")?,
        files: files(manifest.take("files")?)?,
        note: manifest.optional("note").map(string).transpose()?,
    };
    manifest.nothing_else()?;
    Ok(read)
}

fn files(value: Value) -> Result<Vec<File>, InvalidManifest> {
    let Value::Array(files) = value else {
        return Err(InvalidManifest::Field);
    };
    if files.len() > MAX_FILES {
        return Err(InvalidManifest::TooManyFiles);
    }
    files.into_iter().map(file).collect()
}

fn file(value: Value) -> Result<File, InvalidManifest> {
    let mut file = Object::of(value)?;
    let read = File {
        name: file.string("n")?,
        mime: file.string("t")?,
        offset: file.integer("o")?,
        size: file.integer("s")?,
        modified: file
            .optional("m")
            .map(|value| integer(&value))
            .transpose()?,
    };
    file.nothing_else()?;
    Ok(read)
}

fn salt(text: &str) -> Result<Salt, InvalidManifest> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| InvalidManifest::Field)?;
    let bytes = bytes.try_into().map_err(|_| InvalidManifest::Field)?;
    Ok(Salt(bytes))
}

/// The fields of an object that were not read yet.
struct Object(Map<String, Value>);

impl Object {
    fn of(value: Value) -> Result<Self, InvalidManifest> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(InvalidManifest::Field),
        }
    }

    fn optional(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    fn take(&mut self, key: &str) -> Result<Value, InvalidManifest> {
        self.optional(key).ok_or(InvalidManifest::Field)
    }

    fn string(&mut self, key: &str) -> Result<String, InvalidManifest> {
        self.take(key).and_then(string)
    }

    /// An integer that is not negative.
    fn integer(&mut self, key: &str) -> Result<u64, InvalidManifest> {
        let value = integer(&self.take(key)?)?;
        value.try_into().map_err(|_| InvalidManifest::Field)
    }

    /// Whether what is left is named `x-..`: room for experiments, which readers pass over.
    fn nothing_else(self) -> Result<(), InvalidManifest> {
        if self.0.keys().all(|key| key.starts_with("x-")) {
            Ok(())
        } else {
            Err(InvalidManifest::Field)
        }
    }
}

fn string(value: Value) -> Result<String, InvalidManifest> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(InvalidManifest::Field),
    }
}

/// A number whose value is an integer of at most 53 bits, however it is spelled: JavaScript cannot
/// tell 1 from 1.0.
fn integer(value: &Value) -> Result<i64, InvalidManifest> {
    let whole = |number: f64| {
        (number.fract() == 0.0 && number.abs() <= MAX_INTEGER as f64).then_some(number as i64)
    };
    value
        .as_i64()
        .or_else(|| value.as_f64().and_then(whole))
        .filter(|number| (-MAX_INTEGER..=MAX_INTEGER).contains(number))
        .ok_or(InvalidManifest::Field)
}

fn parse(json: &[u8]) -> Result<Value, InvalidManifest> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = Strict { depth: 0 }.deserialize(&mut reader);
    let end = reader.end();
    value
        .and_then(|value| end.map(|()| value))
        .map_err(|_| InvalidManifest::NotJson)
}

/// Builds a value, and refuses an object with a key twice or one level of nesting too many.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            return Err(E::custom("nested too deep"));
        }
        Ok(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            let value = fields.next_value_seed(inside)?;
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}
