// What all the apps serve: an order asks for its stock, then the process ends.

exports.serve = function serve(app, express) {
  const orders = express.Router();
  orders.get('/:id', async (_request, response) => {
    const { port } = server.address();
    const answer = await fetch(`http://127.0.0.1:${port}/stock/7`);
    response.send(`order with ${await answer.text()}`);
  });
  app.use('/orders', orders);
  app.get('/stock/:item', (_request, response) => response.send('stock'));
  const server = app.listen(0, '127.0.0.1', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/orders/1?token=secret`);
    process.stdout.write(`${await answer.text()}\n`);
    process.exit(0);
  });
};
