// TypeORM: connect, look at the schema, query, insert.
require('reflect-metadata');
const { DataSource, EntitySchema } = require('typeorm');

const [host, port, username, database] = process.argv.slice(2);

async function main() {
  const Bid = new EntitySchema({
    name: 'bids',
    columns: {
      auction: { type: 'bigint', primary: true },
      price: { type: 'numeric', precision: 10, scale: 2, nullable: true },
      tag: { type: 'varchar', length: 20, nullable: true },
      at: { type: 'timestamp' },
    },
  });
  const source = new DataSource({ type: 'postgres', host, port: Number(port), username, database, entities: [Bid] });
  await source.initialize();
  const runner = source.createQueryRunner();
  console.log('database', (await runner.getCurrentDatabase()) === database, await runner.getCurrentSchema());
  console.log('has', await runner.hasTable('bids'), await runner.hasTable('nowhere'), await runner.hasColumn('bids', 'tag'));
  const table = await runner.getTable('bids');
  const shown = (column) => `${column.name}:${column.type}:${column.length}:${column.precision}:${column.scale}:${column.isNullable}:${column.default}`;
  console.log('columns', table.columns.map(shown).join(' '));
  const view = await runner.getView('dear').catch((error) => error);
  console.log('view', view && (view.name ?? view.message));
  const changes = await source.driver.createSchemaBuilder().log();
  console.log('changes', changes.upQueries.map((query) => query.query).join('; '));
  await runner.release();
  const bids = source.getRepository('bids');
  console.log('count', await bids.count());
  console.log('found', JSON.stringify(await bids.find({ where: { auction: 1 } })));
  await bids.createQueryBuilder().insert().values({ auction: 3, price: '2.50', tag: 'c', at: new Date(2024, 0, 3) })
    .returning([]).updateEntity(false).execute();
  console.log('saved', JSON.stringify(await bids.insert({ auction: 9, at: new Date(2024, 0, 9) })));
  await source.transaction(async (manager) => {
    await manager.query('INSERT INTO bids (auction, at) VALUES ($1, $2)', [4, new Date(2024, 0, 4)]);
  });
  console.log('after', JSON.stringify(await bids.createQueryBuilder('b').select('max(b.auction)', 'm').getRawOne()));
  await source.destroy();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
