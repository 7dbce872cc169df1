// Draws the pictures of docs/viewer.md and the README from a real run of the demo: npm run build, then node .ci/draw-pages.mjs
//
// Starts the demo on free ports, sends checkouts with and without faults, and photographs the pages with Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '..');
const folder = resolve(root, 'docs/images');
const MOST_BYTES = 150_000;
const names = ['GATEWAY', 'AUTH', 'INVENTORY', 'PAYMENT', 'NOTIFY', 'LONGPOLE_UI', 'LONGPOLE_OTLP'];
const ports = await Promise.all(names.map(freePort));
const env = { ...process.env, FAULTS: 'on' };
for (const [i, name] of names.entries()) env[`${name}_PORT`] = String(ports[i]);
const base = `http://127.0.0.1:${env.LONGPOLE_UI_PORT}`;

const mesh = spawn(process.execPath, ['services/mesh/dist/main.js'], { cwd: root, env, stdio: 'pipe' });
mesh.stderr.pipe(process.stderr);
try {
  await printed(mesh, 'Ctrl-C stops everything');
  await sendCheckouts();
  await photograph();
} finally {
  mesh.kill('SIGTERM');
  await once(mesh, 'exit');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function printed(child, wanted) {
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.includes(wanted)) break;
  }
  child.stdout.resume();
}

async function demo(method, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${base}/api/longpole/demo${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

async function load(perSecond, seconds) {
  await demo('PUT', '/load', { perSecond });
  await new Promise((done) => setTimeout(done, seconds * 1_000));
  await demo('PUT', '/load', { perSecond: 0 });
}

async function sendCheckouts() {
  await demo('PUT', '/services/payment', { latencyMs: 600 });
  await load(3, 8);
  await demo('PUT', '/services/inventory', { latencyMs: 900, failureRate: 0.1 });
  await load(3, 8);
  await demo('PUT', '/services/inventory', {});
  await demo('PUT', '/services/gateway', { mistake: 'propagation' });
  await load(3, 4);
  await demo('PUT', '/services/gateway', {});
  await demo('PUT', '/services/payment', {});
  await demo('POST', '/checkout', {});
  await new Promise((done) => setTimeout(done, 3_000));
}

async function photograph() {
  mkdirSync(folder, { recursive: true });
  const { traces } = await (await fetch(`${base}/api/longpole/traces?jobs=false&minDurationMs=2800`)).json();
  const trace = traces.find(({ operation, spans }) => operation === 'POST /api/checkout' && spans >= 14);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const pages = [
    ['trace', `/trace/${trace.traceId}`, 'light', 720],
    ['traces', '/?jobs=false', 'light', 700],
    ['routes', '/routes?last=1000', 'light', 700],
    ['services', '/services?last=1000', 'dark', 620],
  ];
  for (const [name, address, colorScheme, height] of pages) {
    const page = await browser.newPage({ viewport: { width: 1200, height }, colorScheme, baseURL: base });
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => !/Loading .* …/.test(document.body.textContent));
    await page.getByText('…', { exact: true }).first().waitFor({ state: 'detached' });
    const path = resolve(folder, `${name}.png`);
    await page.screenshot({ path });
    const { size } = statSync(path);
    console.log(`${name}.png: ${size} bytes`);
    if (size > MOST_BYTES) throw new Error(`${name}.png is larger than ${MOST_BYTES} bytes.`);
    await page.close();
  }
  await browser.close();
}
