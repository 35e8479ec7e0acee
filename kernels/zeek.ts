/** What the host calls: see `src/sources/zeek/conn-kernel.ts`. */
export { placeOf, rowCount } from './conn-record'
export { scanJson } from './json-lines'
export { configureTsv, scanTsv } from './tsv-lines'
