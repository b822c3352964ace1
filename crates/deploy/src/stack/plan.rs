//! What would be changed.

use std::fmt;

use anyhow::Result;

use crate::{
    drift::Drift,
    report::{Event, Report},
    resource::{Level, Lifecycle, ResourceId},
};

/// What would be changed, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan(pub Vec<Planned>);

/// What would be changed of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which.
    pub id: ResourceId,
    /// Whether it is there.
    pub exists: bool,
    /// The fields that differ from what is wanted.
    pub drift: Vec<Drift>,
}

impl Plan {
    /// Of what was last observed.
    pub(super) fn of(stack: &[Box<dyn Lifecycle>]) -> Result<Self> {
        let mut plan = Vec::new();
        for resource in stack {
            let drift = resource.drift(Level::LockedDown)?;
            if !drift.is_empty() {
                plan.push(Planned {
                    id: resource.id(),
                    exists: resource.exists(),
                    drift,
                });
            }
        }
        Ok(Self(plan))
    }

    /// Whether nothing would be changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells what is not as wanted, where nobody means to change it now.
    pub fn tell(&self, report: &dyn Report) {
        for planned in &self.0 {
            let fields = if planned.exists {
                planned.drift.iter().map(Drift::to_string).collect()
            } else {
                vec!["it is not there".into()]
            };
            report.tell(&planned.id, Event::Differs(fields));
        }
    }

    /// How many resources would be changed.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|planned| planned.fmt(f))
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.exists {
            return writeln!(f, "+ {}", self.id);
        }
        writeln!(f, "~ {}", self.id)?;
        self.drift
            .iter()
            .try_for_each(|drift| writeln!(f, "    {drift}"))
    }
}
