//! COPY FROM STDIN: data messages from the client into the sink of a statement.

use millstream_sql::SqlState;
use millstream_sql::text::statement::CopyFormat;
use pgwire::messages::copy::CopyInResponse;

use super::client::Client;
use super::error::{Failure, Outcome};
use super::message::{Message, decode};
use crate::session::answer::CopyIn;
use crate::wire::copy::Decoder;

/// Asks for the data, hands it to the sink batch by batch, commits it, and answers the command tag. Any failure
/// drops the sink, which then appends nothing.
pub(super) async fn copy_in(client: &mut Client, copy: CopyIn) -> Outcome<String> {
    let CopyIn { relation, schema, options, environment, mut sink } = copy;
    let width = schema.fields().len();
    let format = i8::from(options.format == CopyFormat::Binary);
    let mut decoder = Decoder::new(relation, schema, &options, &environment)?;
    client.output.put(&CopyInResponse::new(format, width as i16, vec![i16::from(format); width]));
    client.flush().await?;
    loop {
        let (tag, body) = client.frame_of_statement().await?;
        match decode(tag, body)? {
            Message::CopyData(bytes) => {
                decoder.push(&bytes);
                drop(bytes);
                while let Some(batch) = decoder.next_batch()? {
                    client.watch(sink.batch(batch)).await?;
                }
            }
            Message::CopyDone => break,
            Message::CopyFail(reason) => {
                return Err(Failure::sql(
                    SqlState::QueryCanceled,
                    format!("COPY from stdin failed: {reason}"),
                ));
            }
            // Drivers send Sync with Execute, before they know that this is a COPY.
            Message::Flush | Message::Sync => {}
            Message::Terminate => return Err(Failure::Gone),
            _ => {
                return Err(Failure::protocol("unexpected message type during COPY from stdin"));
            }
        }
    }
    if let Some(batch) = decoder.end()? {
        client.watch(sink.batch(batch)).await?;
    }
    let rows = client.finish(sink.finish()).await?;
    Ok(format!("COPY {rows}"))
}
