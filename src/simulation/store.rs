//! The machine's objects as an object store, for checkpoints.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result,
};

use crate::objects::Objects;

/// Objects behind the trait.
#[derive(Debug, Clone)]
pub struct Store(pub Objects);

impl fmt::Display for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("simulated")
    }
}

fn failed(error: crate::Error) -> Error {
    Error::Generic { store: "simulated", source: error.into() }
}

fn missing(path: &Path) -> Error {
    Error::NotFound { path: path.to_string(), source: "it is not there".into() }
}

fn meta(path: &Path, size: u64) -> ObjectMeta {
    let last_modified = chrono::DateTime::default();
    ObjectMeta { location: path.clone(), last_modified, size, e_tag: None, version: None }
}

#[async_trait::async_trait]
impl ObjectStore for Store {
    async fn put_opts(&self, path: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let bytes = Bytes::from(payload);
        if options.mode == PutMode::Create {
            if !self.0.create(path.as_ref(), bytes).await.map_err(failed)? {
                return Err(Error::AlreadyExists { path: path.to_string(), source: "it is there".into() });
            }
        } else {
            self.0.put(path.as_ref(), bytes).await.map_err(failed)?;
        }
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(Error::NotImplemented { operation: "put_multipart".into(), implementer: "simulated".into() })
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        let bytes = self.0.get(path.as_ref()).await.map_err(failed)?.ok_or_else(|| missing(path))?;
        let size = bytes.len() as u64;
        let range: Range<u64> = match options.range {
            Some(GetRange::Bounded(range)) => range,
            _ => 0..size,
        };
        let part = bytes.slice(range.start as usize..range.end as usize);
        Ok(GetResult {
            payload: GetResultPayload::Stream(stream::once(async move { Ok(part) }).boxed()),
            meta: meta(path, size),
            range,
            attributes: Attributes::new(),
        })
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let objects = self.0.clone();
        paths
            .then(move |path| {
                let objects = objects.clone();
                async move {
                    let path = path?;
                    objects.delete(path.as_ref()).await.map_err(failed)?;
                    Ok(path)
                }
            })
            .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let listed = futures::executor::block_on(self.0.list(prefix.map_or("", |prefix| prefix.as_ref())));
        let listed: Vec<Result<ObjectMeta>> = match listed {
            Ok(listed) => listed.into_iter().map(|l| Ok(meta(&Path::from(l.path), l.bytes))).collect(),
            Err(error) => vec![Err(failed(error))],
        };
        stream::iter(listed).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let below = prefix.cloned().unwrap_or_default();
        let mut result = ListResult { common_prefixes: Vec::new(), objects: Vec::new() };
        for listed in self.0.list(below.as_ref()).await.map_err(failed)? {
            let path = Path::from(listed.path);
            let parts: Vec<_> = path.prefix_match(&below).into_iter().flatten().collect();
            match parts.as_slice() {
                [_] => result.objects.push(meta(&path, listed.bytes)),
                [first, ..] => {
                    let directory = below.clone().join(first.clone());
                    if result.common_prefixes.last() != Some(&directory) {
                        result.common_prefixes.push(directory);
                    }
                }
                [] => {}
            }
        }
        Ok(result)
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(Error::NotImplemented { operation: "copy".into(), implementer: "simulated".into() })
    }
}
