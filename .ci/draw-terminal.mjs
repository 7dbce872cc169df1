// Draws what a command printed as an SVG picture for the README: node .ci/draw-terminal.mjs < output > picture.svg
//
// Reads text with ANSI colours (FORCE_COLOR=1) from standard input; understands the styles that longpole uses.
import { readFileSync } from 'node:fs';

const size = { column: 8.4, line: 19, margin: 18, font: 14 };
const colours = {
  30: '#484f58',
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#56d4dd',
  37: '#e6edf3',
  90: '#8b949e',
  91: '#ffa198',
  92: '#aff5b4',
  93: '#f2cc60',
  94: '#a5d6ff',
  95: '#e2c5ff',
  96: '#b3f0ff',
  97: '#ffffff',
};
const escapeXml = (text) =>
  text
    .replaceAll(' ', '\u00a0')
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

const lines = readFileSync(0, 'utf8').replace(/\n+$/, '').split('\n').map(readLine);
const columns = Math.max(...lines.map((runs) => runs.reduce((n, run) => n + run.text.length, 0)));
const width = Math.ceil(columns * size.column + 2 * size.margin);
const height = lines.length * size.line + 2 * size.margin;
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="said">
<title id="said">${escapeXml(
  lines
    .at(-1)
    .map((run) => run.text)
    .join(''),
)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size.font}">
${lines.map(drawLine).join('\n')}
</g>
</svg>
`);

function readLine(line) {
  const runs = [];
  let style = {};
  for (const [index, piece] of line.split('\x1b[').entries()) {
    const end = index === 0 ? -1 : piece.indexOf('m');
    for (const code of end === -1 ? [] : piece.slice(0, end).split(';'))
      style = applyCode(style, Number(code));
    const text = piece.slice(end + 1);
    if (text !== '') runs.push({ text, style });
  }
  return runs;
}

function applyCode(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  return colours[code] === undefined ? style : { ...style, colour: colours[code] };
}

function drawLine(runs, row) {
  let column = 0;
  const y = size.margin + (row + 0.75) * size.line;
  return runs
    .map(({ text, style }) => {
      const x = size.margin + column * size.column;
      column += text.length;
      const weight = style.bold ? ' font-weight="bold"' : '';
      const opacity = style.dim ? ' opacity="0.6"' : '';
      return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" textLength="${(text.length * size.column).toFixed(1)}" fill="${style.colour ?? '#e6edf3'}"${weight}${opacity}>${escapeXml(text)}</text>`;
    })
    .join('');
}
