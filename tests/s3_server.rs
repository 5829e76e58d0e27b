//! An S3 server on the loopback address: the real protocol, from `s3s` and `s3s-fs`, over a directory with one bucket. The
//! library's own tests use this file, too.

use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

pub const KEY: &str = "millstream-test";
pub const SECRET: &str = "a secret of the loopback";

/// A running server, or one that is away.
pub struct S3 {
    pub endpoint: String,
    root: tempfile::TempDir,
    serving: tokio::task::JoinHandle<()>,
}

impl S3 {
    pub async fn start() -> S3 {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("bucket")).unwrap();
        let (endpoint, serving) = serve(root.path(), "127.0.0.1:0").await;
        S3 { endpoint, root, serving }
    }

    /// Where the bucket's objects are, as files.
    pub fn bucket(&self) -> std::path::PathBuf {
        self.root.path().join("bucket")
    }

    /// Cuts all connections and takes no more.
    pub async fn stop(&mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }

    /// Serves the same bucket at the same address again.
    pub async fn start_again(&mut self) {
        let address = self.endpoint.strip_prefix("http://").unwrap().to_owned();
        self.serving = serve(self.root.path(), &address).await.1;
    }
}

async fn serve(root: &Path, address: &str) -> (String, tokio::task::JoinHandle<()>) {
    let mut builder = S3ServiceBuilder::new(FileSystem::new(root).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind(address).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            connections.spawn(async move {
                // A client that goes away is no failure of the test.
                let _ =
                    Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
            });
            while connections.try_join_next().is_some() {}
        }
    });
    (endpoint, serving)
}
