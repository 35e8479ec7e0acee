/**
 * The rows of each neutral event type (CONTRACT, "Neutral events"). Every function fills one row and leaves judgement to
 * the record; optional times that are not stated are NaN.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { NeutralRecord } from './neutral-record.ts'

export const eventTypes = ['flow', 'session', 'transfer', 'job', 'storage_read', 'counter', 'lease', 'nat'] as const
export type EventType = (typeof eventTypes)[number]

const sessionKinds = ['vpn', 'ssh', 'portal', 'globus']
const directions = ['out', 'in']

/** Appends the rows of the record, or none if its `reason` is set afterwards. */
export function appendEvent(type: EventType, record: NeutralRecord, offset: number, batch: ObservationBatch): void {
  if (type === 'job') {
    appendJob(record, offset, batch)
    return
  }
  const columns = batch[type]
  const row = columns.row()
  fillers[type](record, row, batch)
  if (record.reason === undefined) columns.data.offset[row] = offset
  else columns.dropRow()
}

interface Interval {
  start_ms: Float64Array
  end_ms: Float64Array
}

function fillInterval(record: NeutralRecord, row: number, to: Interval, end: 'required' | 'optional'): void {
  to.start_ms[row] = record.time('start_ms', 'required')
  to.end_ms[row] = record.time('end_ms', end)
  record.lasts(to.start_ms[row], to.end_ms[row])
}

function fillFlow(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.flow.data
  fillInterval(record, row, to, 'required')
  to.available_ms[row] = record.time('available_ms', 'optional', to.end_ms[row])
  const srcV6 = record.address('src_ip', 'required', to.src, row)
  const dstV6 = record.address('dst_ip', 'required', to.dst, row)
  to.src_port[row] = record.port('src_port', 'required')
  to.dst_port[row] = record.port('dst_port', 'required')
  to.proto[row] = record.protocol(srcV6 || dstV6)
  to.service[row] = record.name('service', 'optional', batch.names)
  record.count('bytes_src', 'required', to.bytes_src, row)
  record.count('bytes_dst', 'required', to.bytes_dst, row)
  record.count('packets_src', 'optional', to.packets_src, row)
  record.count('packets_dst', 'optional', to.packets_dst, row)
  record.uid(to.uid, row)
  to.sensor[row] = record.name('sensor', 'optional', batch.names)
  to.sampling[row] = record.sampling()
  to.client_fp[row] = record.name('client_fp', 'optional', batch.names)
}

function fillSession(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.session.data
  to.kind[row] = record.oneOf('kind', sessionKinds, batch.names)
  to.account[row] = record.name('account', 'required', batch.names)
  record.address('peer_ip', 'required', to.peer, row)
  to.peer_port[row] = record.port('peer_port', 'optional')
  record.address('assigned_ip', 'optional', to.assigned, row)
  to.host_name[row] = record.addressOrName('host_ip', to.host, row, batch.names)
  to.gateway[row] = record.name('gateway', 'optional', batch.names)
  fillInterval(record, row, to, 'optional')
  to.key_fp[row] = record.name('key_fp', 'optional', batch.names)
  to.client_fp[row] = record.name('client_fp', 'optional', batch.names)
  record.count('bytes_out', 'optional', to.bytes_out, row)
  record.count('bytes_in', 'optional', to.bytes_in, row)
}

function fillTransfer(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.transfer.data
  to.tool[row] = record.name('tool', 'required', batch.names)
  to.account[row] = record.name('account', 'optional', batch.names)
  to.host_name[row] = record.addressOrName('host_ip', to.host, row, batch.names)
  record.address('peer_ip', 'optional', to.peer, row)
  to.path[row] = record.text('path', 'optional')
  to.bucket[row] = record.name('bucket', 'optional', batch.names)
  to.object[row] = record.text('object', 'optional')
  to.direction[row] = record.oneOf('direction', directions, batch.names)
  record.count('bytes', 'required', to.bytes, row)
  fillInterval(record, row, to, 'required')
  to.task_id[row] = record.id('task_id', 'optional')
}

/** One row per node, all or none. */
function appendJob(record: NeutralRecord, offset: number, batch: ObservationBatch): void {
  const job_id = record.id('job_id', 'required')
  const account = record.name('account', 'required', batch.names)
  const project = record.name('project', 'required', batch.names)
  const nodes = record.nameList('nodes', batch.names)
  const start_ms = record.time('start_ms', 'required')
  const end_ms = record.time('end_ms', 'optional')
  record.lasts(start_ms, end_ms)
  if (record.reason !== undefined) return
  for (const node of nodes) {
    const row = batch.job.row()
    const to = batch.job.data
    to.job_id[row] = job_id
    to.account[row] = account
    to.project[row] = project
    to.node[row] = node
    to.start_ms[row] = start_ms
    to.end_ms[row] = end_ms
    to.offset[row] = offset
  }
}

function fillStorageRead(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.storage_read.data
  to.path[row] = record.text('path', 'optional')
  to.vault[row] = record.name('vault', 'optional', batch.names)
  if (to.path[row] === '' && to.vault[row] === 0) record.fail('missing_field')
  to.account[row] = record.name('account', 'optional', batch.names)
  to.host_name[row] = record.addressOrName('host_ip', to.host, row, batch.names)
  to.job_id[row] = record.id('job_id', 'optional')
  record.count('bytes', 'required', to.bytes, row)
  fillInterval(record, row, to, 'required')
}

function fillCounter(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.counter.data
  to.link[row] = record.name('link', 'required', batch.names)
  record.count('octets_out', 'required', to.octets_out, row)
  record.count('octets_in', 'required', to.octets_in, row)
  fillInterval(record, row, to, 'required')
}

function fillLease(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.lease.data
  record.address('ip', 'required', to.ip, row)
  to.account[row] = record.name('account', 'required', batch.names)
  record.address('peer_ip', 'optional', to.peer, row)
  fillInterval(record, row, to, 'optional')
}

function fillNat(record: NeutralRecord, row: number, batch: ObservationBatch): void {
  const to = batch.nat.data
  record.address('inside_ip', 'required', to.inside, row)
  to.inside_port[row] = record.port('inside_port', 'optional')
  record.address('outside_ip', 'required', to.outside, row)
  to.outside_port[row] = record.port('outside_port', 'optional')
  fillInterval(record, row, to, 'optional')
}

const fillers: Readonly<
  Record<Exclude<EventType, 'job'>, (record: NeutralRecord, row: number, batch: ObservationBatch) => void>
> = {
  flow: fillFlow,
  session: fillSession,
  transfer: fillTransfer,
  storage_read: fillStorageRead,
  counter: fillCounter,
  lease: fillLease,
  nat: fillNat,
}
