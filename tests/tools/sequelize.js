// Sequelize: connect, look at the schema, query, insert.
const { Sequelize, DataTypes, QueryTypes } = require('sequelize');

const [host, port, user, database] = process.argv.slice(2);

async function main() {
  const sequelize = new Sequelize({ dialect: 'postgres', host, port, username: user, database, logging: false });
  await sequelize.authenticate();
  const found = sequelize.getQueryInterface();
  console.log('tables', JSON.stringify((await found.showAllTables()).map((table) => table.tableName ?? table).sort()));
  console.log('version', (await sequelize.databaseVersion()).split('.')[0]);
  console.log('describe', JSON.stringify(await found.describeTable('bids')));
  console.log('indexes', JSON.stringify(await found.showIndex('bids')));
  console.log('keys', JSON.stringify(await found.getForeignKeyReferencesForTable('bids')));
  await found.showConstraint('bids');
  await found.showAllSchemas();
  const fields = {
    auction: { type: DataTypes.BIGINT, primaryKey: true },
    price: DataTypes.DECIMAL(10, 2),
    tag: DataTypes.STRING(20),
    at: DataTypes.DATE,
  };
  const Bid = sequelize.define('bid', fields, { tableName: 'bids', timestamps: false });
  console.log('count', await Bid.count());
  const order = { order: ['auction'] };
  console.log('all', JSON.stringify(await Bid.findAll(order)));
  const bound = { bind: ['a'], type: QueryTypes.SELECT };
  console.log('bound', JSON.stringify(await sequelize.query('SELECT auction FROM bids WHERE tag = $1', bound)));
  const replaced = { replacements: { n: 1 }, type: QueryTypes.SELECT };
  console.log('replaced', JSON.stringify(await sequelize.query('SELECT 1 AS ok WHERE :n = 1', replaced)));
  await Bid.create({ auction: 3, price: '2.50', tag: 'c', at: new Date(Date.UTC(2024, 0, 3)) }, { returning: false });
  const more = [{ auction: 4, at: new Date(Date.UTC(2024, 0, 4)) }, { auction: 5, at: new Date(Date.UTC(2024, 0, 5)) }];
  await Bid.bulkCreate(more, { returning: false });
  await sequelize.transaction(async (transaction) => {
    await Bid.create({ auction: 6, at: new Date(Date.UTC(2024, 0, 6)) }, { returning: false, transaction });
  });
  const made = await Bid.create({ auction: 7, tag: 'g', at: new Date(Date.UTC(2024, 0, 7)) });
  const many = await Bid.bulkCreate([{ auction: 8, at: new Date(Date.UTC(2024, 0, 8)) }]);
  console.log('made', JSON.stringify(made), JSON.stringify(many));
  console.log('after', await Bid.count(), await Bid.max('auction'), await Bid.sum('price'));
  await sequelize.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
