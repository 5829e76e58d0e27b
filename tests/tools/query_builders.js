// Knex, drizzle-orm and postgres.js: connect, look at the schema, query, insert.
const knex = require('knex');
const postgres = require('postgres');
const { drizzle } = require('drizzle-orm/node-postgres');
const { bigint, numeric, pgTable, timestamp, varchar } = require('drizzle-orm/pg-core');
const { asc, eq } = require('drizzle-orm');
const { Client } = require('pg');

const [host, port, user, database] = process.argv.slice(2);
const address = { host, port: Number(port), user, database };

async function withKnex() {
  const db = knex({ client: 'pg', connection: address });
  console.log('knex columns', JSON.stringify(await db('bids').columnInfo()));
  console.log('knex has', await db.schema.hasTable('bids'), await db.schema.hasTable('nowhere'));
  console.log('knex column', await db.schema.hasColumn('bids', 'tag'), await db.schema.hasColumn('bids', 'no'));
  await db('bids').insert([{ auction: 3, at: '2024-01-03' }, { auction: 4, at: '2024-01-04' }]);
  await db.transaction(async (transaction) => {
    await transaction('bids').insert({ auction: 5, at: '2024-01-05' });
  });
  const back = await db('bids').insert({ auction: 9, at: '2024-01-09' }).returning(['auction', 'tag']);
  console.log('knex returning', JSON.stringify(back));
  const rows = db('bids').select('auction').orderBy('auction').offset(1).limit(2).stream();
  for await (const row of rows) console.log('knex row', JSON.stringify(row));
  console.log('knex count', JSON.stringify(await db('bids').count('* as n').first()));
  await db.destroy();
}

async function withDrizzle() {
  const client = new Client(address);
  await client.connect();
  const db = drizzle(client);
  const bids = pgTable('bids', {
    auction: bigint('auction', { mode: 'number' }).notNull(),
    price: numeric('price', { precision: 10, scale: 2 }),
    tag: varchar('tag', { length: 20 }),
    at: timestamp('at').notNull(),
  });
  await db.insert(bids).values({ auction: 6, price: '1.10', tag: 'd', at: new Date(Date.UTC(2024, 0, 6)) });
  console.log('drizzle', JSON.stringify(await db.select().from(bids).where(eq(bids.auction, 6)).orderBy(asc(bids.at))));
  const back = await db.insert(bids).values({ auction: 10, at: new Date(Date.UTC(2024, 0, 10)) }).returning();
  console.log('drizzle', JSON.stringify(back));
  console.log('drizzle', await db.$count(bids));
  await client.end();
}

async function withPostgres() {
  const sql = postgres({ ...address, onnotice: () => {} });
  const rows = [{ auction: 7, tag: 'e', at: new Date(Date.UTC(2024, 0, 7)) }];
  await sql`INSERT INTO bids ${sql(rows)}`;
  console.log('postgres', JSON.stringify(await sql`SELECT *, ${[1, 2]}::int[] AS list FROM bids WHERE auction = ${7}`));
  console.log('postgres', JSON.stringify(await sql`SELECT auction FROM bids WHERE auction IN ${sql([1, 7])} ORDER BY 1`));
  console.log('postgres', JSON.stringify(await sql`SELECT ${sql.json({ a: 1 })}::jsonb AS j, ${true}::bool AS b`));
  await sql.begin((inner) => inner`INSERT INTO bids (auction, at) VALUES (8, '2024-01-08')`);
  for await (const some of sql`SELECT auction FROM bids ORDER BY 1`.cursor(4)) {
    console.log('postgres cursor', some.map((row) => row.auction).join(' '));
  }
  await sql.end();
}

withKnex().then(withDrizzle).then(withPostgres).catch((error) => {
  console.error(error);
  process.exit(1);
});
