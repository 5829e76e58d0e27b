// Every type through node-postgres: read, sent back, inserted and copied; results in text and in binary.
//
// Run as: node node_types.js HOST PORT USER DATABASE KIND, KIND being TABLE or STREAM. It prints one line for each
// value; two servers agree if their lines are equal.
const fs = require('fs');
const path = require('path');
const { Client } = require('pg');
const { from: copyFrom, to: copyTo } = require('pg-copy-streams');
const { pipeline } = require('stream/promises');
const { Readable } = require('stream');

const [host, port, user, database, kind] = process.argv.slice(2);

function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

function arrayOf(values) {
  const parts = values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  return `{${[...parts, 'NULL'].join(',')}}`;
}

// The columns of types.tsv, and after each scalar the array of it.
function columns() {
  const found = [];
  for (const line of fs.readFileSync(path.join(__dirname, 'types.tsv'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [name, type, ...raw] = line.split('\t');
    const values = type === 'text' ? raw.map((value) => value.replaceAll('\\\\', '\\')) : raw;
    found.push({ name, type, literals: [...values.map(quoted), 'NULL'] });
    found.push({ name: `${name}_a`, type: `${type}[]`, literals: [quoted('{}'), quoted(arrayOf(values))] });
  }
  return found;
}

function shown(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (Buffer.isBuffer(value)) return `Buffer:${value.toString('hex')}`;
  if (value instanceof Date) return `Date:${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()}`;
  if (Object.is(value, -0)) return 'number:-0';
  return `${typeof value}:${typeof value === 'object' ? JSON.stringify(value) : value}`;
}

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    return `${error.name} ${error.code} ${error.message}`;
  }
}

async function main() {
  const client = new Client({ host, port: Number(port), user, database });
  await client.connect();
  const read = async (text, values, binary) => {
    const result = await client.query({ text, values, binary, rowMode: 'array' });
    const types = result.fields.map((field) => `${field.dataTypeID}/${field.dataTypeSize}/${field.dataTypeModifier}`);
    return `${types.join(' ')} ${result.rows.map((row) => row.map(shown).join(', ')).join(' | ')}`;
  };
  const every = columns();
  await client.query(`CREATE ${kind} types (${every.map((column) => `${column.name} ${column.type}`).join(', ')})`);
  const first = "SELECT 1 AS ok, 1.0, 'a', NULL, 3000000000, 1.5e0, TRUE";
  console.log('1:', await read(first), '|', await read(first, [], true));
  for (const { name, type, literals } of every) {
    console.log(name, type);
    console.log(' described', await read(`SELECT ${name} FROM types WHERE false`));
    for (const literal of literals) {
      console.log(' ', literal);
      const cast = `SELECT ${literal}::${type}`;
      console.log('  text', await attempt(() => read(cast)));
      console.log('  prepared', await attempt(() => read(cast, [])));
      console.log('  binary', await attempt(() => read(cast, [], true)));
      let value;
      const given = await attempt(async () => {
        value = (await client.query({ text: cast, rowMode: 'array' })).rows[0][0];
        return shown(value);
      });
      console.log('  given', given);
      // node-postgres makes arrays of what is a JSON array, so JSON goes as text.
      if (type.startsWith('json') && !type.endsWith('[]')) value = JSON.stringify(value);
      for (const sent of [value, value === null ? null : String(literal).replace(/^'|'$/g, '').replaceAll("''", "'")]) {
        console.log('  sent', await attempt(() => read(`SELECT $1::${type}, ($1::${type})::text`, [sent])));
        console.log('  insert', await attempt(async () => {
          const result = await client.query(`INSERT INTO types (${name}) VALUES ($1)`, [sent]);
          return `${result.command} ${result.rowCount}`;
        }));
      }
      if (!type.startsWith('json')) {
        const where = `SELECT count(*) FROM types WHERE ${name} = $1`;
        console.log('  where', await attempt(() => read(where, [value])));
      }
      for (const format of ['text', 'csv', 'binary']) {
        console.log('  copy', format, await attempt(async () => {
          const parts = [];
          for await (const part of client.query(copyTo(`COPY (${cast}) TO STDOUT WITH (FORMAT ${format})`))) {
            parts.push(part);
          }
          const data = Buffer.concat(parts);
          const into = client.query(copyFrom(`COPY types (${name}) FROM STDIN WITH (FORMAT ${format})`));
          await pipeline(Readable.from([data]), into);
          return `${data.toString('hex')} ${into.rowCount}`;
        }));
      }
    }
    const stored = await client.query(`SELECT ${name}::text AS stored FROM types WHERE ${name} IS NOT NULL`);
    console.log(' stored', JSON.stringify(stored.rows.map((row) => row.stored).sort()));
  }
  await client.end();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
