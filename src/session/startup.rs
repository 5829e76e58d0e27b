//! How a session begins: the startup message's parameters.

use async_trait::async_trait;
use millstream_sql::SqlState;

use super::Session;
use super::answer::Backend;
use super::settings::Settings;
use crate::Result;

/// The name of the database. Any other is taken, too, since many tools name one unasked; a NOTICE says so.
const DATABASE: &str = "millstream";

#[async_trait]
impl Backend for crate::Database {
    type Session = Session;

    async fn connect(&self, user: &str, database: &str, parameters: &[(String, String)]) -> Result<Session> {
        let mut session = Session::open(self.engine(), user, database)?;
        for (name, value) in parameters {
            if name == "options" {
                set_options(&mut session.settings, value)?;
            } else if !matches!(name.as_str(), "user" | "database" | "replication")
                && !name.starts_with("_pq_.")
            {
                let set = session.settings.set(name, Some(value), false);
                // Drivers send the zone and encoding of their machine unasked: that must not keep them out.
                if let (Err(error), true) = (&set, is_unasked(name)) {
                    session.notice("WARNING", error.state(), format!("{error}: ignored"));
                } else {
                    set?;
                }
            }
        }
        if database != DATABASE {
            let message =
                format!("database \"{database}\" does not exist: this is \"{DATABASE}\", the only one");
            session.notice("NOTICE", SqlState::Successful, message);
        }
        session.settings.take_changed();
        Ok(session)
    }
}

fn is_unasked(name: &str) -> bool {
    ["timezone", "client_encoding", "datestyle", "intervalstyle"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// `-c name=value` of the startup message's `options`.
fn set_options(settings: &mut Settings, options: &str) -> Result<()> {
    let mut words = options.split_whitespace();
    while let Some(word) = words.next() {
        let pair = match word {
            "-c" => words.next(),
            _ => word.strip_prefix("-c").or_else(|| word.strip_prefix("--")),
        };
        if let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) {
            settings.set(name, Some(value), false)?;
        }
    }
    Ok(())
}
