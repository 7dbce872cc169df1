// The hop over streams in memory, all in one process: answers requests, and has callgrind count while it answers the last ones.
'use strict';

const { AsyncResource } = require('node:async_hooks');
const { execFileSync } = require('node:child_process');
const http = require('node:http');
const { Duplex } = require('node:stream');
const axios = require('axios');
const { makeHop } = require('../overhead/apps/hop-app.cjs');

const { COUNT_WARM_UP: warmUp, COUNT_REQUESTS: counted } = process.env;
const CONNECTIONS = 16;
const REQUEST = Buffer.from(
  'GET /orders/17?verbose=1 HTTP/1.1\r\nx-user-id: ada\r\nx-order-id: order-17\r\nx-cart-items: 3\r\n' +
    'Host: 127.0.0.1:8080\r\nConnection: keep-alive\r\n\r\n',
);
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nConnection: keep-alive\r\ncontent-length: 11\r\n\r\n{"stock":7}',
);

/** Both other ends are outside: what they do must not run in the context of the request that has called them. */
const outside = new AsyncResource('OTHER_END');
const later = (work) => outside.runInAsyncScope(setImmediate, null, work);

const textOf = (chunk) => (typeof chunk === 'string' ? chunk : chunk.toString('latin1'));

/** A socket whose other end is a function. */
class MemorySocket extends Duplex {
  remoteAddress = '127.0.0.1';
  remotePort = 40_000;
  localAddress = '127.0.0.1';
  localPort = 8080;
  onText;

  constructor() {
    // As with a real socket, texts are not made bytes on the way.
    super({ decodeStrings: false });
  }

  _read() {}
  _write(chunk, _encoding, done) {
    this.onText(textOf(chunk));
    done();
  }
  _writev(chunks, done) {
    for (const { chunk } of chunks) this.onText(textOf(chunk));
    done();
  }
  setTimeout() {
    return this;
  }
  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  destroySoon() {
    this.destroy();
  }
}

class MemoryAgent extends http.Agent {
  createConnection(_options, done) {
    const socket = new MemorySocket();
    socket.onText = (text) => {
      if (text.includes('\r\n\r\n')) later(() => socket.push(ANSWER));
    };
    setImmediate(() => done(null, socket));
  }
}

const client = axios.create({ httpAgent: new MemoryAgent({ keepAlive: true }), proxy: false });
const server = http.createServer(makeHop(client, 'http://127.0.0.1:9/stock'));
server.keepAliveTimeout = 0;
const sockets = Array.from({ length: CONNECTIONS }, () => {
  const socket = new MemorySocket();
  server.emit('connection', socket);
  return socket;
});

/** Sends so many requests, one after the other on each connection. */
function answer(count) {
  let left = count;
  let answered = 0;
  return new Promise((resolve, reject) => {
    for (const socket of sockets) {
      const send = () => {
        if (left-- > 0) socket.push(REQUEST);
      };
      socket.onText = (text) => {
        if (!text.startsWith('HTTP/1.1')) return;
        if (!text.startsWith('HTTP/1.1 200')) reject(new Error(text));
        answered += 1;
        // A request that came while the last response is still being written would be pipelined, as none is before.
        if (answered === count) later(resolve);
        else later(send);
      };
      send();
    }
  });
}

async function run() {
  const count = (state) => execFileSync('callgrind_control', ['-i', state, String(process.pid)]);
  await answer(Number(warmUp));
  count('on');
  await answer(Number(counted));
  count('off');
  process.exit(0);
}

void run();
