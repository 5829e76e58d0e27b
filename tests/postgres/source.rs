//! PostgreSQL's own regression scripts, fetched from Debian's source package.
//!
//! They are not stored here: `apt-get source` fetches the package into a cache below the target directory, with a list of
//! sources of its own (the machine's, as `deb-src`), so that the machine's package lists stay as they are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the scripts are, relative to the directory that [`fetched`] answers.
const SCRIPTS: &str = "src/test/regress";

/// The directory with `sql/` and `data/` of PostgreSQL's regression tests, fetched once into `cache`.
pub fn fetched(cache: &Path) -> Result<PathBuf, String> {
    let directory = cache.join(SCRIPTS);
    if directory.join("sql").is_dir() {
        return Ok(directory);
    }
    let apt = cache.join("apt");
    for part in ["lists/partial", "cache/archives/partial", "sources"] {
        std::fs::create_dir_all(apt.join(part)).map_err(|error| error.to_string())?;
    }
    write_sources(&apt.join("sources"))?;
    run(apt_get(cache).arg("update"))?;
    // The newest version may be announced before its files are everywhere: any of the same major version will do.
    let versions = versions(cache)?;
    let fetched = versions.iter().any(|version| {
        let package = format!("postgresql-15={version}");
        run(apt_get(cache).args(["source", "--download-only", &package]).current_dir(cache)).is_ok()
    });
    if !fetched {
        return Err("no version of the source package postgresql-15 could be fetched".to_owned());
    }
    let archive = std::fs::read_dir(cache)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(".orig.tar")))
        .ok_or("the source package has no .orig.tar")?;
    run(Command::new("tar")
        .arg("xf")
        .arg(&archive)
        .args(["--strip-components=1", "--wildcards", "*/src/test/regress"])
        .current_dir(cache))?;
    Ok(directory)
}

/// The machine's own sources, each as a source of source packages.
fn write_sources(directory: &Path) -> Result<(), String> {
    let mut lists = vec![PathBuf::from("/etc/apt/sources.list")];
    let more = std::fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten();
    lists.extend(more.filter_map(|entry| Some(entry.ok()?.path())));
    for list in lists {
        let Ok(text) = std::fs::read_to_string(&list) else { continue };
        let name = list.file_name().unwrap_or_default();
        // Other vendors' lists hold no PostgreSQL of Debian's.
        if !text.to_lowercase().contains("debian") {
            continue;
        }
        let line = |line: &str| match line {
            "Types: deb" => "Types: deb-src".to_owned(),
            _ if line.starts_with("deb ") => line.replacen("deb ", "deb-src ", 1),
            _ => line.to_owned(),
        };
        let text: String = text.lines().map(|own| line(own) + "\n").collect();
        std::fs::write(directory.join(name), text).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn apt_get(cache: &Path) -> Command {
    let mut command = Command::new("apt-get");
    with_own_state(&mut command, cache);
    command
}

fn with_own_state(command: &mut Command, cache: &Path) {
    let apt = std::path::absolute(cache.join("apt")).unwrap_or_else(|_| cache.join("apt"));
    let options = [
        ("Dir::Etc::sourcelist", PathBuf::from("/dev/null")),
        ("Dir::Etc::sourceparts", apt.join("sources")),
        ("Dir::State::lists", apt.join("lists")),
        ("Dir::Cache", apt.join("cache")),
        ("APT::Sandbox::User", PathBuf::from("root")),
    ];
    for (name, value) in options {
        command.arg("-o").arg(format!("{name}={}", value.display()));
    }
}

/// The versions of the source package, newest first.
fn versions(cache: &Path) -> Result<Vec<String>, String> {
    let mut command = Command::new("apt-cache");
    with_own_state(&mut command, cache);
    let output =
        command.args(["showsrc", "postgresql-15"]).output().map_err(|error| format!("apt-cache: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut versions: Vec<String> =
        text.lines().filter_map(|line| Some(line.strip_prefix("Version: ")?.to_owned())).collect();
    versions.sort();
    versions.reverse();
    Ok(versions)
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{name}: {}", said.lines().last().unwrap_or("failed")))
}
