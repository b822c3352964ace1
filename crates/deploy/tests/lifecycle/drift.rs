//! Every single field that is changed behind the stage's back is named by the plan, alone, and mended by the next run.

mod access;
mod edge;
mod lambda;
mod rest;
mod storage;
mod whole_things;

use crate::{
    cloud::{State, World},
    listing::{assert_same, whole},
    stage::{ACCOUNT, REGION, Stage},
};

/// What somebody changed, and what the plan names then: the kind of a resource, and a field.
type Change = (fn(&mut State), &'static [&'static str]);

/// Each change alone: the plan names it and nothing else, a run mends it, and nothing differs any more.
async fn each_is_named_and_mended(changes: &[Change]) {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let expected = whole(&stage.world);
    for (change, fields) in changes {
        let stage = stage.on(&stage.world.twin());
        stage.world.change(change);
        let plan = stage.plan().await.unwrap();
        let named = plan.0.iter().flat_map(|planned| {
            let kind = planned.id.kind;
            let fields = planned.drift.iter();
            fields.map(move |drift| format!("{kind} {}", drift.field).trim_end().to_owned())
        });
        let named: Vec<_> = named.collect();
        assert_eq!(named, *fields);
        stage
            .up()
            .await
            .unwrap_or_else(|error| panic!("{fields:?}: {error:#}"));
        assert_same(&whole(&stage.world), &expected, &format!("{fields:?}"));
        assert!(stage.plan().await.unwrap().is_empty(), "{fields:?}");
    }
}
