/**
 * Vaults from the paths and buckets that transfer logs and storage audits name: top directories, as a first map of what
 * there is to lose. Who owns it is in no log.
 */
import { bytesText, plural } from '../../model/amount-text.ts'
import type { Proposed } from './networks.ts'
import type { Sample, SampledTransfer } from './sample.ts'

export interface ProposedVault extends Proposed {
  id: string
  paths: string[]
  buckets: string[]
  bytes: bigint
}

export interface VaultProposal {
  vaults: ProposedVault[]
  remarks: string[]
}

/** Directories whose children are the datasets, when they stand below a mount point of their own. */
const containers = new Set(
  'archive data datasets group groups home homes project projects proj public scratch share shared user users work'.split(
    ' ',
  ),
)
/** More children than this, and the parent is proposed: nobody lists a vault for every home directory. */
const mostChildren = 30
const mostVaults = 40

interface Node {
  path: string
  records: number
  bytes: bigint
  /** Records whose file lies directly here. */
  files: number
  children: Map<string, Node>
}

export function proposeVaults(sample: Sample, nameOf: (text: string) => string | undefined): VaultProposal {
  const remarks: string[] = []
  const root = emptyNode('')
  const buckets = new Map<string, { records: number; bytes: bigint }>()
  const stated = new Map<string, { records: number; bytes: bigint }>()
  for (const transfer of sample.transfers) {
    if (transfer.path !== '') addPath(root, transfer)
    else if (transfer.bucket !== '') add(buckets, transfer.bucket, transfer.bytes)
    else if (transfer.vault !== '') add(stated, transfer.vault, transfer.bytes)
  }
  const vaults: ProposedVault[] = []
  const ids = new Set<string>()
  for (const node of [...root.children.values()].flatMap(vaultsBelow)) {
    const id = uniqueId(idOfPath(node.path, nameOf), ids)
    vaults.push({
      id,
      paths: [node.path],
      buckets: [],
      bytes: node.bytes,
      because: [`${plural(node.records, 'record')} of transfers or reads, ${bytesText(node.bytes)}${below(node)}`],
    })
  }
  for (const [bucket, { records, bytes }] of buckets) {
    if (nameOf(bucket) !== bucket) {
      remarks.push(
        `a bucket has a name that cannot stand in a configuration and was left out: ${JSON.stringify(bucket)}`,
      )
      continue
    }
    const because = `${plural(records, 'transfer')} of this bucket, ${bytesText(bytes)}`
    const namesake = vaults.find(({ id }) => id === bucket)
    if (namesake) {
      namesake.buckets.push(bucket)
      namesake.bytes += bytes
      namesake.because.push(`${because}; joined by name, divide them if they differ`)
    } else vaults.push({ id: uniqueId(bucket, ids), paths: [], buckets: [bucket], bytes, because: [because] })
  }
  for (const [vault, { records, bytes }] of stated) {
    if (nameOf(vault) !== vault || ids.has(vault)) continue
    const because = [`${plural(records, 'record')} of a storage log name this vault, ${bytesText(bytes)}`]
    vaults.push({ id: uniqueId(vault, ids), paths: [], buckets: [], bytes, because })
  }
  vaults.sort((a, b) => (a.bytes === b.bytes ? (a.id < b.id ? -1 : 1) : a.bytes > b.bytes ? -1 : 1))
  if (vaults.length > mostVaults)
    remarks.push(`${vaults.length - mostVaults} smaller directories or buckets were left out of the vaults`)
  if (root.files > 0) remarks.push(`${plural(root.files, 'record')} of files right below / belong to no directory`)
  return { vaults: vaults.slice(0, mostVaults), remarks }
}

function addPath(root: Node, { path, bytes, direction }: SampledTransfer): void {
  const parts = directoriesOf(path, direction === '')
  let node = root
  for (const part of parts.slice(0, 4)) {
    let child = node.children.get(part)
    if (!child) {
      child = emptyNode(`${node.path}/${part}`)
      node.children.set(part, child)
    }
    child.records++
    child.bytes += bytes
    node = child
  }
  if (parts.length <= 4) node.files++
}

/**
 * The directories of a file's path, `//`, `.` and `..` resolved as the vault map does. A storage log may name a
 * directory itself: there only a last part with a dot is taken for a file.
 */
function directoriesOf(path: string, isRead: boolean): string[] {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  const last = parts[parts.length - 1] ?? ''
  if (!path.endsWith('/') && (!isRead || last.includes('.'))) parts.pop()
  return parts
}

/**
 * The vaults of a top directory: its children, one step further down where there is but one and that is a container
 * (/gpfs/projects/…); the directory itself if files lie right in it or it has too many children.
 */
function vaultsBelow(top: Node): Node[] {
  const [only] = top.children.values()
  const base =
    top.children.size === 1 && top.files === 0 && containers.has(only.path.slice(only.path.lastIndexOf('/') + 1))
      ? only
      : top
  if (base.files > 0 || base.children.size === 0 || base.children.size > mostChildren) return [base]
  return [...base.children.values()]
}

function below(node: Node): string {
  return node.children.size > mostChildren ? `, in ${plural(node.children.size, 'directory', 'directories')} below` : ''
}

function emptyNode(path: string): Node {
  return { path, records: 0, bytes: 0n, files: 0, children: new Map() }
}

function add(to: Map<string, { records: number; bytes: bigint }>, key: string, bytes: bigint): void {
  const known = to.get(key) ?? { records: 0, bytes: 0n }
  to.set(key, { records: known.records + 1, bytes: known.bytes + bytes })
}

function idOfPath(path: string, nameOf: (text: string) => string | undefined): string {
  return nameOf(path.slice(path.lastIndexOf('/') + 1)) ?? nameOf(path.slice(1).replaceAll('/', '-')) ?? 'vault'
}

function uniqueId(id: string, taken: Set<string>): string {
  let unique = id
  for (let n = 2; taken.has(unique); n++) unique = `${id}-${n}`
  taken.add(unique)
  return unique
}
