//! Objects in a remote store: S3, Google Cloud Storage, Azure. They are durable when the store answers.
//!
//! Requests run on threads of their own, so that anybody can wait for them, in whichever executor or in none.

use std::fmt;
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, RetryConfig};

use super::{Created, Listed};
use crate::{Error, Result};

/// A request that fails for so long is given up.
const RETRY: Duration = Duration::from_secs(20);

/// A prefix in a store.
#[derive(Clone)]
pub(super) struct Remote {
    store: Arc<dyn ObjectStore>,
    prefix: ObjectPath,
    /// None: the store needs no threads.
    threads: Option<Arc<Threads>>,
    url: String,
}

struct Threads(Option<tokio::runtime::Runtime>);

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Remote").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Remote {
    /// Opens the store of a URL with the usual environment variables; `None` for a scheme that is not known.
    pub fn open(url: &str) -> Result<Option<Self>> {
        let Some((scheme, rest)) = url.split_once("://") else { return Ok(None) };
        let retry = RetryConfig { max_retries: 8, retry_timeout: RETRY, ..RetryConfig::default() };
        let opening = |error: object_store::Error| Error::Io {
            action: "opening",
            path: url.into(),
            message: error.to_string(),
        };
        let store: Arc<dyn ObjectStore> = match scheme {
            "s3" | "s3a" => {
                let builder = AmazonS3Builder::from_env().with_url(url).with_retry(retry);
                Arc::new(builder.build().map_err(opening)?)
            }
            "gs" => {
                let builder = GoogleCloudStorageBuilder::from_env().with_url(url).with_retry(retry);
                Arc::new(builder.build().map_err(opening)?)
            }
            "az" | "azure" | "abfs" | "abfss" => {
                let builder = MicrosoftAzureBuilder::from_env().with_url(url).with_retry(retry);
                Arc::new(builder.build().map_err(opening)?)
            }
            _ => return Ok(None),
        };
        let prefix = rest.split_once('/').map_or("", |(_, prefix)| prefix);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("object store")
            .enable_all()
            .build()
            .map_err(|error| Error::io("starting threads for", url, &error))?;
        Ok(Some(Self {
            store,
            prefix: ObjectPath::from(prefix.trim_end_matches('/')),
            threads: Some(Arc::new(Threads(Some(runtime)))),
            url: url.trim_end_matches('/').to_owned(),
        }))
    }

    /// A store that needs no threads of its own.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: ObjectPath) -> Self {
        let url = format!("{store}/{prefix}");
        Self { store, prefix, threads: None, url }
    }

    pub fn within(&self, directory: &str) -> Self {
        let mut within = self.clone();
        within.prefix = self.path(directory);
        within.url = self.shown(directory);
        within
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn shown(&self, path: &str) -> String {
        format!("{}/{path}", self.url)
    }

    pub async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        let (store, at) = (self.store.clone(), self.path(path));
        let put = self.run(async move { store.put(&at, bytes.into()).await.map(drop) }).await;
        put.map_err(|error| self.error("writing", path, &error))
    }

    pub async fn create(&self, path: &str, bytes: Bytes) -> Created {
        let (store, at, document) = (self.store.clone(), self.path(path), bytes.clone());
        let options = PutOptions::from(PutMode::Create);
        let put =
            self.run(async move { store.put_opts(&at, document.into(), options).await.map(drop) }).await;
        match put {
            Ok(()) => Created::Done,
            // A request may have been sent again after the store had taken it: what is there is then the same.
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                match self.get(path).await {
                    Ok(there) if there.as_ref() == Some(&bytes) => Created::Done,
                    Ok(_) => Created::Taken,
                    Err(error) => Created::Unsure(error),
                }
            }
            Err(error) => Created::Unsure(self.error("writing", path, &error)),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Option<Bytes>> {
        let (store, at) = (self.store.clone(), self.path(path));
        let got = self.run(async move { store.get(&at).await?.bytes().await }).await;
        self.found(path, got)
    }

    pub async fn get_ranges(&self, path: &str, ranges: &[Range<u64>]) -> Result<Option<Vec<Bytes>>> {
        let (store, at, wanted) = (self.store.clone(), self.path(path), ranges.to_vec());
        let got = self.run(async move { store.get_ranges(&at, &wanted).await }).await;
        let Some(parts) = self.found(path, got)? else { return Ok(None) };
        for (range, part) in ranges.iter().zip(&parts) {
            if part.len() as u64 != range.end - range.start {
                let offset = range.start + part.len() as u64;
                let message = "it is too short".to_owned();
                return Err(Error::Corrupt { path: self.shown(path).into(), offset, message });
            }
        }
        Ok(Some(parts))
    }

    pub async fn list(&self, directory: &str) -> Result<Vec<Listed>> {
        let (store, at) = (self.store.clone(), self.path(directory));
        let listed = self.run(async move { store.list(Some(&at)).try_collect::<Vec<_>>().await }).await;
        let listed = listed.map_err(|error| self.error("listing", directory, &error))?;
        let relative = |location: &ObjectPath| {
            let parts = location.prefix_match(&self.prefix)?;
            Some(parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/"))
        };
        let object = |meta: object_store::ObjectMeta| {
            Some(Listed { path: relative(&meta.location)?, bytes: meta.size })
        };
        let mut listed: Vec<Listed> = listed.into_iter().filter_map(object).collect();
        listed.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        Ok(listed)
    }

    pub async fn delete(&self, path: &str) -> Result<()> {
        let (store, at) = (self.store.clone(), self.path(path));
        match self.run(async move { store.delete(&at).await }).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.error("removing", path, &error)),
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        request: impl Future<Output = object_store::Result<T>> + Send + 'static,
    ) -> object_store::Result<T> {
        let Some(runtime) = self.threads.as_ref().and_then(|threads| threads.0.as_ref()) else {
            return request.await;
        };
        let joined = runtime.spawn(request).await;
        joined.unwrap_or_else(|error| {
            Err(object_store::Error::Generic { store: "remote", source: Box::new(error) })
        })
    }

    fn found<T>(&self, path: &str, got: object_store::Result<T>) -> Result<Option<T>> {
        match got {
            Ok(value) => Ok(Some(value)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.error("reading", path, &error)),
        }
    }

    fn path(&self, path: &str) -> ObjectPath {
        path.split('/')
            .filter(|part| !part.is_empty())
            .fold(self.prefix.clone(), |path, part| path.join(part))
    }

    fn error(&self, action: &'static str, path: &str, error: &object_store::Error) -> Error {
        Error::Io { action, path: self.shown(path).into(), message: error.to_string() }
    }
}
