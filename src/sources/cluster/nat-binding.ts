/**
 * What messages of NAT gateways say of one binding: Linux conntrack events, ulogd's lines of the same, Juniper's blocks
 * of ports and translated sessions. Every pattern is bounded, so that hostile text costs no more than its length.
 */
import type { RejectReason } from '../../model/observation.ts'
import { portOf } from '../text/row-values.ts'

export interface NatBinding {
  inside: string
  /** 0 = all of the block's. */
  inside_port: number
  outside: string
  outside_port: number
  /** The last of a block; 0 = `outside_port` alone. */
  outside_port_last: number
  /** Whether the message tells that the binding ended; else that it began, or still holds. */
  closed: boolean
  /** How long it had lasted, of closed ones; 0 where the message does not say. */
  duration_ms: number
}

/** No gateway writes more of a binding. */
const longestMessage = 1 << 14
/** Well formed, but nothing that joins a port outside to an address inside. */
const notUsed = 'stream_not_used'

/** The binding, or why the message gives none: it is not of NAT, translates nothing, or is broken. */
export function natBinding(message: string): NatBinding | RejectReason {
  if (message.length > longestMessage) return 'line_too_long'
  const event = /\[(NEW|UPDATE|DESTROY)\]/.exec(message.slice(0, 256))
  if (event) return event[1] === 'UPDATE' ? notUsed : tuples(message.slice(event.index), event[1] === 'DESTROY')
  if (isUlogd(message)) return tuples(message, false)
  const block = blockForm.exec(message)
  if (block) return portBlock(block[1] === 'RELEASE', block[2], block[3], block[4], block[5])
  const subscriber = /RT_SRC_NAT_PBA_(ALLOC|INTERIM|RELEASE)/.exec(message)
  if (subscriber) return subscriberBlock(message, subscriber[1] === 'RELEASE')
  const session = /(?:RT_FLOW_|JSERVICES_|MSVCS_LOG_)SESSION_(CREATE|OPEN|CLOSE)/.exec(message)
  if (session) return juniperSession(message, session[1] === 'CLOSE')
  return notUsed
}

/** Whether the message is of one of these kinds, translated or not. */
export function isNatMessage(message: string): boolean {
  if (/\[(?:NEW|UPDATE|DESTROY)\]/.test(message.slice(0, 256))) return /\bsrc=/i.test(message)
  return isUlogd(message) || juniperForm.test(message)
}

function isUlogd(message: string): boolean {
  const original = message.indexOf('ORIG: ')
  return original >= 0 && message.indexOf(', REPLY: ', original) > 0
}

const juniperForm =
  /NAT_PORT_BLOCK_(?:ALLOC|ACTIVE|RELEASE)|RT_SRC_NAT_PBA_|(?:RT_FLOW_|JSERVICES_|MSVCS_LOG_)SESSION_(?:CREATE|OPEN|CLOSE)/

const keys: Readonly<Record<string, 'src' | 'dst' | 'sport' | 'dport'>> = {
  src: 'src',
  dst: 'dst',
  sport: 'sport',
  dport: 'dport',
  SRC: 'src',
  DST: 'dst',
  SPT: 'sport',
  DPT: 'dport',
}

/** The original tuple first, then that of the replies: where their destination is not the source, that is the binding. */
function tuples(text: string, closed: boolean): NatBinding | RejectReason {
  const values = { src: [] as string[], dst: [] as string[], sport: [] as string[], dport: [] as string[] }
  let duration_ms = 0
  for (const [, key, value] of text.matchAll(/(?:^|\s)([a-zA-Z-]{3,12})=(\S{1,64})/g)) {
    if (Object.hasOwn(keys, key)) values[keys[key]].push(value)
    else if (key === 'delta-time' && /^\d{1,9}$/.test(value)) duration_ms = Number(value) * 1000
  }
  if (values.src.length < 2 || values.dst.length < 2) return 'missing_field'
  if (values.src[0] === values.dst[1]) return notUsed
  // ICMP and the like share the address without ports: such a binding would seem to hold all of it
  if (values.sport.length < 2 || values.dport.length < 2) return notUsed
  return binding(values.src[0], values.sport[0], values.dst[1], values.dport[1], closed, duration_ms)
}

const address = '([0-9a-fA-F.:]{2,45})'
const blockForm = new RegExp(
  `NAT_PORT_BLOCK_(ALLOC|ACTIVE|RELEASE): ${address} -> ${address}:(\\d{1,5})-(\\d{1,5})(?!\\d)`,
)

function portBlock(
  closed: boolean,
  inside: string,
  outside: string,
  first: string,
  last: string,
): NatBinding | RejectReason {
  const [outside_port, outside_port_last] = [portOf(first), portOf(last)]
  if (outside_port < 0 || outside_port_last < outside_port) return 'bad_port'
  return { inside, inside_port: 0, outside, outside_port, outside_port_last, closed, duration_ms: 0 }
}

const subscriberForm = new RegExp(
  `Subscriber ${address} [^\\[]{0,128}\\[[^\\]]{0,64}\\] blocks, (?:re)?\\w{1,16} port block \\[(\\d{1,5})-(\\d{1,5})\\] [a-z]{2,4} ${address}`,
)

/** Blocks of SRX and MX-SPC3, as text or as structured data. */
function subscriberBlock(message: string, closed: boolean): NatBinding | RejectReason {
  const text = subscriberForm.exec(message)
  if (text) return portBlock(closed, text[1], text[4], text[2], text[3])
  const [inside, outside, first, last] = ['internal-ip', 'reflexive-ip', 'block-port-low', 'block-port-high'].map(
    (name) => structured(message, name),
  )
  return inside && outside && first && last ? portBlock(closed, inside, outside, first, last) : 'missing_field'
}

const arrows = /([0-9a-fA-F.:]{2,45})\/(\d{1,5})->[0-9a-fA-F.:]{2,45}\/\d{1,5}/g
const bracketed = new RegExp(`${address}:(\\d{1,5}) \\[${address}:(\\d{1,5})\\]`)

function juniperSession(message: string, closed: boolean): NatBinding | RejectReason {
  const protocol = structured(message, 'protocol-id')
  if (protocol === '1' || protocol === '58' || /\bicmp/i.test(message)) return notUsed
  const inside = structured(message, 'source-address')
  if (inside !== undefined) {
    const [port, outside, outsidePort] = ['source-port', 'nat-source-address', 'nat-source-port'].map((name) =>
      structured(message, name),
    )
    if (!port || !outside || !outsidePort) return 'missing_field'
    if (outside === inside) return notUsed
    const elapsed = structured(message, 'elapsed-time') ?? ''
    return binding(inside, port, outside, outsidePort, closed, /^\d{1,9}$/.test(elapsed) ? Number(elapsed) * 1000 : 0)
  }
  const [original, translated] = message.matchAll(arrows)
  if (original && translated) {
    return original[1] === translated[1]
      ? notUsed
      : binding(original[1], original[2], translated[1], translated[2], closed, 0)
  }
  const open = bracketed.exec(message)
  return open ? binding(open[1], open[2], open[3], open[4], closed, 0) : notUsed
}

function binding(
  inside: string,
  insidePort: string,
  outside: string,
  outsidePort: string,
  closed: boolean,
  duration_ms: number,
): NatBinding | RejectReason {
  const [inside_port, outside_port] = [portOf(insidePort), portOf(outsidePort)]
  if (inside_port < 0 || outside_port < 0) return 'bad_port'
  return { inside, inside_port, outside, outside_port, outside_port_last: 0, closed, duration_ms }
}

/** The value of `name="value"` in the structured data of a message. */
function structured(message: string, name: string): string | undefined {
  const mark = ` ${name}="`
  const bracket = message.indexOf(`[${name}="`)
  const at = message.indexOf(mark)
  if (at < 0 && bracket < 0) return undefined
  const start = (at < 0 ? bracket : at) + mark.length
  const end = message.indexOf('"', start)
  return end < 0 || end - start > 64 ? undefined : message.slice(start, end)
}
