//! Every store keeps the same promises.

use std::sync::Arc;

use futures::executor::block_on;
use object_store::aws::AmazonS3Builder;
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, PutMode};

use super::*;
use crate::env::Machine;

/// The server of the integration tests.
#[path = "../../tests/s3_server.rs"]
#[allow(dead_code)]
mod s3_server;

/// What every store must do.
pub(crate) fn conforms(objects: &Objects) {
    block_on(async {
        assert_eq!(objects.get("a/b").await.unwrap(), None);
        assert_eq!(objects.get_ranges("a/b", &[0..1]).await.unwrap(), None);
        assert!(objects.list("a").await.unwrap().is_empty());
        objects.delete("a/b").await.unwrap();
        objects.put("a/b", Bytes::from_static(b"first")).await.unwrap();
        objects.put("a/b", Bytes::from_static(b"second")).await.unwrap();
        assert_eq!(objects.get("a/b").await.unwrap().unwrap(), "second");
        let ranges = objects.get_ranges("a/b", &[0..2, 3..6]).await.unwrap().unwrap();
        assert_eq!(ranges, ["se", "ond"]);
        assert!(objects.get_ranges("a/b", &[3..9]).await.is_err(), "the object is shorter");
        let create = async |bytes| objects.create("a/c/d.json", Bytes::from_static(bytes)).await.unwrap();
        assert!(matches!(create(b"{}").await, Created::Done));
        assert!(matches!(create(b"[]").await, Created::Taken));
        assert!(matches!(create(b"{}").await, Created::Done), "it is the one that is there");
        assert_eq!(objects.get("a/c/d.json").await.unwrap().unwrap(), "{}");
        objects.put("z", Bytes::new()).await.unwrap();
        let listed = |listed: Vec<Listed>| listed.into_iter().map(|o| (o.path, o.bytes)).collect::<Vec<_>>();
        let below = [("a/b".to_owned(), 6), ("a/c/d.json".to_owned(), 2)];
        assert_eq!(listed(objects.list("a").await.unwrap()), below);
        assert_eq!(objects.list("").await.unwrap().len(), 3);
        let within = objects.within("a");
        assert_eq!(listed(within.list("").await.unwrap()), [("b".to_owned(), 6), ("c/d.json".to_owned(), 2)]);
        objects.delete("a/c/d.json").await.unwrap();
        objects.delete("a/b").await.unwrap();
        assert_eq!(listed(objects.list("").await.unwrap()), [("z".to_owned(), 0)]);
        assert!(matches!(create(b"()").await, Created::Done));
    });
}

#[test]
fn a_local_directory_conforms_and_forgets_what_was_not_finished() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("deep/objects");
    conforms(&Objects::local(Arc::new(Machine), &root));
    let staged = root.join("a/.00112233.new");
    std::fs::write(&staged, "half").unwrap();
    let objects = Objects::open(Arc::new(Machine), &format!("file://{}", root.display())).unwrap();
    assert_eq!(block_on(objects.list("")).unwrap().len(), 2);
    assert!(staged.exists(), "only the owner of a store changes it");
    objects.settle().unwrap();
    assert!(!staged.exists());
    assert_eq!(block_on(objects.list("")).unwrap().len(), 2);
}

#[test]
fn a_store_in_memory_conforms() {
    conforms(&Objects::new(Arc::new(InMemory::new()), ObjectPath::default()));
    conforms(&Objects::new(Arc::new(InMemory::new()), ObjectPath::from("some/prefix")));
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_conforms_and_answers_a_second_conditional_put_with_412() {
    let s3 = s3_server::S3::start().await;
    let builder = AmazonS3Builder::new()
        .with_endpoint(&s3.endpoint)
        .with_allow_http(true)
        .with_region("us-east-1")
        .with_bucket_name("bucket")
        .with_access_key_id(s3_server::KEY)
        .with_secret_access_key(s3_server::SECRET);
    let store = Arc::new(builder.build().unwrap());
    let once = ObjectPath::from("once");
    let put = || store.put_opts(&once, "x".into(), PutMode::Create.into());
    put().await.unwrap();
    let again = put().await.unwrap_err();
    assert!(matches!(again, object_store::Error::AlreadyExists { .. }), "{again:?}");
    assert!(format!("{again:?}").contains("412"), "{again:?}");
    for prefix in ["one", "deep/er"] {
        let objects = Objects::new(store.clone(), prefix.into());
        tokio::task::spawn_blocking(move || conforms(&objects)).await.unwrap();
    }
    let seen = std::fs::read_dir(s3.bucket().join("deep/er")).unwrap();
    assert!(seen.flatten().any(|file| file.file_name() == "z"), "the objects are in the bucket");
}

#[test]
fn an_unknown_scheme_is_refused_by_name() {
    let error = Objects::open(Arc::new(Machine), "ftp://host/x").unwrap_err();
    assert_eq!(error.state().code(), "0A000");
    assert!(error.to_string().contains("ftp://host/x"));
}
