/**
 * The script of the page: sorts the strips, names the cell that is pointed at, marks ribbons, copies commands. The page
 * says the same without it. It asks nothing of any network, and its text holds nothing of the incident, so that the
 * policy of the page can name it by its hash.
 */
import { createHash } from 'node:crypto'

export const pageScript = `'use strict';
(() => {
const score = document.querySelector('.score');
const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;
const colours = (theme) => score.dataset[theme].match(/.{6}/g).map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));
let bands = [];
const days = score ? JSON.parse(score.dataset.days) : [];

async function read(cells) {
  const image = cells.querySelector('img');
  await image.decode();
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Map(colours('light').map(([r, g, b], value) => [r * 65536 + g * 256 + b, value]));
  const cell = new Uint8Array(width * height);
  for (let i = 0; i < cell.length; i++) {
    const value = values.get(data[4 * i] * 65536 + data[4 * i + 1] * 256 + data[4 * i + 2]);
    if (value === undefined) return;
    cell[i] = value;
  }
  const rows = Array.from(document.getElementById(cells.dataset.rows).tBodies[0].rows, (row, i) => ({
    i, name: row.cells[0].textContent, line: row.cells[3].textContent, bytes: Number(row.dataset.b),
  }));
  if (rows.length !== height) return;
  const shown = document.createElement('canvas');
  shown.width = width;
  shown.height = Number(cells.dataset.lines);
  shown.style.height = image.style.height;
  return { cells, image, canvas: shown, width, cell, rows, each: Math.ceil(height / shown.height), at: [0, 0] };
}

function valueAt({ width, cell, rows, each }, day, line) {
  let [sum, count] = [0, 0];
  for (const { i } of rows.slice(line * each, (line + 1) * each)) {
    const value = cell[i * width + day];
    if (value === 102) continue;
    if (value === 101 && each > 1) return 101;
    sum += value;
    count++;
  }
  return count === 0 ? 102 : sum === 0 ? 0 : Math.max(1, Math.round(sum / count));
}

function paint(band) {
  const { canvas, width } = band;
  const palette = colours(dark.matches && !printing ? 'dark' : 'light');
  const picture = new ImageData(width, canvas.height);
  for (let line = 0; line < canvas.height; line++)
    for (let day = 0; day < width; day++) {
      const [r, g, b] = palette[valueAt(band, day, line)];
      picture.data.set([r, g, b, 255], 4 * (line * width + day));
    }
  canvas.getContext('2d').putImageData(picture, 0, 0);
}

const orders = {
  joined: (a, b) => a.i - b.i,
  name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
  bytes: (a, b) => b.bytes - a.bytes,
};

function follow(band) {
  const { cells, canvas, width, rows, each } = band;
  const told = cells.closest('.strip').nextElementSibling;
  const box = document.createElement('span');
  const row = document.createElement('span');
  box.className = 'at';
  row.className = 'row';
  const show = (day, line) => {
    band.at = [Math.min(width - 1, Math.max(0, day)), Math.min(canvas.height - 1, Math.max(0, line))];
    [day, line] = band.at;
    const names = rows.slice(line * each, (line + 1) * each);
    const value = valueAt(band, day, line);
    const share = value === 102 ? 'not measured' : value === 101 ? 'at or over its own line' : value === 0 ? 'nothing' : value + ' % of its own line';
    told.value = names[0].name + (names.length > 1 ? ' and ' + (names.length - 1) + ' more (mean)' : '') + ' · ' + days[day] + ' · ' + share + (names.length > 1 ? '' : ' of ' + names[0].line + ' a day');
    const [wide, tall] = [100 / width, 100 / canvas.height];
    Object.assign(box.style, { left: day * wide + '%', width: wide + '%', top: line * tall + '%', height: tall + '%' });
    Object.assign(row.style, { top: line * tall + '%', height: tall + '%' });
    cells.append(row, box);
  };
  const hide = () => { box.remove(); row.remove(); told.value = ''; };
  cells.tabIndex = 0;
  cells.addEventListener('pointermove', (event) => {
    const { left, top, width: wide, height: tall } = canvas.getBoundingClientRect();
    show(Math.floor(((event.clientX - left) / wide) * width), Math.floor(((event.clientY - top) / tall) * canvas.height));
  });
  cells.addEventListener('pointerleave', hide);
  cells.addEventListener('focus', () => { if (cells.matches(':focus-visible')) show(...band.at); });
  cells.addEventListener('blur', hide);
  cells.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(band.at[0] + step[0], band.at[1] + step[1]);
  });
}

async function strips() {
  const all = await Promise.all(Array.from(score.querySelectorAll('.cells'), read));
  // a browser that does not let pictures be read back keeps them as they are
  if (all.length === 0 || all.includes(undefined)) return;
  bands = all;
  score.classList.add('painted');
  for (const band of bands) {
    band.image.replaceWith(band.canvas);
    paint(band);
    follow(band);
  }
  const sorting = score.querySelector('.sorting');
  sorting.hidden = false;
  sorting.addEventListener('change', ({ target }) => {
    for (const band of bands) {
      band.rows.sort((a, b) => orders[target.value](a, b) || a.i - b.i);
      paint(band);
      const body = document.getElementById(band.cells.dataset.rows).tBodies[0];
      band.trs ??= Array.from(body.rows);
      body.append(...band.rows.map(({ i }) => band.trs[i]));
    }
  });
  const again = () => bands.forEach(paint);
  dark.addEventListener('change', again);
  addEventListener('beforeprint', () => { printing = true; again(); });
  addEventListener('afterprint', () => { printing = false; again(); });
}

function ribbons(svg) {
  const paths = JSON.parse(svg.dataset.paths);
  const told = svg.closest('figure').querySelector('.told');
  const mark = (runs, text) => {
    const [nodes, links] = [new Set(runs.flat()), new Set(runs.flatMap((path) => path.slice(1).map((to, i) => path[i] + ',' + to)))];
    svg.classList.toggle('marked', runs.length > 0);
    for (const node of svg.querySelectorAll('.node')) node.classList.toggle('on', nodes.has(Number(node.dataset.n)));
    for (const link of svg.querySelectorAll('.link')) link.classList.toggle('on', links.has(link.dataset.l));
    told.value = text;
  };
  const clear = () => mark([], '');
  for (const node of svg.querySelectorAll('.node')) {
    const through = () => mark(paths.filter((path) => path.includes(Number(node.dataset.n))), node.getAttribute('aria-label'));
    node.addEventListener('pointerenter', through);
    node.addEventListener('focus', through);
    node.addEventListener('pointerleave', clear);
    node.addEventListener('blur', clear);
  }
  for (const link of svg.querySelectorAll('.link')) {
    const [from, to] = link.dataset.l.split(',').map(Number);
    link.addEventListener('pointerenter', () => mark(paths.filter((path) => path.some((node, i) => node === from && path[i + 1] === to)), link.textContent));
    link.addEventListener('pointerleave', clear);
  }
}

for (const command of document.querySelectorAll('.command')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', 'Copy the command');
  button.addEventListener('click', async () => {
    const code = command.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
    }
  });
  command.append(button);
}
for (const svg of document.querySelectorAll('.ribbons svg')) ribbons(svg);
if (score) strips();
})();
`

/** As the policy of a page names a script (CSP 3, hash-source). */
export function scriptHash(script: string): string {
  return `sha256-${createHash('sha256').update(script).digest('base64')}`
}
