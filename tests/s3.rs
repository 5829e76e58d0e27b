//! The object store over S3: the real protocol, from `s3s` and `s3s-fs`, a server over a directory that the test starts on
//! the loopback address.

use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

use crate::harness::{Server, execute, value};
use crate::sealing::{SMALL, files_below, scenario};

const KEY: &str = "millstream-test";
const SECRET: &str = "a secret of the loopback";

/// An S3 server over a directory, with one bucket.
struct S3 {
    endpoint: String,
    root: tempfile::TempDir,
    serving: tokio::task::JoinHandle<()>,
}

impl S3 {
    async fn start() -> S3 {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("bucket")).unwrap();
        let (endpoint, serving) = serve(root.path(), "127.0.0.1:0").await;
        S3 { endpoint, root, serving }
    }

    fn environment(&self) -> [(&str, &str); 5] {
        [
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ]
    }

    fn objects(&self) -> Vec<String> {
        files_below(&self.root.path().join("bucket"))
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
        }
    });
    (endpoint, serving)
}

fn flags(prefix: &str) -> Vec<String> {
    let mut flags: Vec<String> = SMALL.iter().map(ToString::to_string).collect();
    flags.extend(["--object-store-url".to_owned(), format!("s3://bucket/{prefix}")]);
    flags
}

fn start(s3: &S3, prefix: &str) -> Server {
    let flags = flags(prefix);
    Server::with_environment(&flags.iter().map(String::as_str).collect::<Vec<_>>(), &s3.environment())
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_rows_and_checkpoints_in_s3_survive_crashes() {
    let s3 = S3::start().await;
    scenario(start(&s3, "deep/prefix"), |_| s3.objects()).await;
    assert!(s3.objects().iter().all(|path| path.contains("deep/prefix") || path.contains("/.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_delays_sealing_and_loses_nothing() {
    let mut s3 = S3::start().await;
    let mut server = start(&s3, "p");
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows FROM s").await;
    execute(&client, "INSERT INTO s SELECT * FROM generate_series(1, 10000)").await;
    execute(&client, "CHECKPOINT").await;
    s3.serving.abort();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    execute(&client, "INSERT INTO s SELECT * FROM generate_series(10001, 11000)").await;
    assert_eq!(value(&client, "SELECT rows FROM v").await, "11000", "rows in memory need no store");
    let address = s3.endpoint.strip_prefix("http://").unwrap().to_owned();
    s3.serving = serve(s3.root.path(), &address).await.1;
    execute(&client, "CHECKPOINT").await;
    assert_eq!(value(&client, "SELECT count(*) FROM s").await, "11000");
    drop(client);
    server.crash();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT rows FROM v").await, "11000");
    assert_eq!(value(&client, "SELECT sum(n) FROM s").await, (11_000 * 11_001 / 2).to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_database_on_the_same_prefix_is_refused_and_harms_nothing() {
    let s3 = S3::start().await;
    let mut first = start(&s3, "p");
    let client = first.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT)").await;
    execute(&client, "INSERT INTO s VALUES (1), (2)").await;
    execute(&client, "CHECKPOINT").await;
    drop(client);
    let flags = flags("p");
    let directory = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_millstream"))
        .args(["--listen", "127.0.0.1:0", "--data-directory"])
        .arg(directory.path())
        .args(&flags)
        .envs(s3.environment())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("sealed") || errors.contains("another"), "{errors}");
    first.crash();
    assert_eq!(value(&first.connect().await, "SELECT sum(n) FROM s").await, "3");
}
