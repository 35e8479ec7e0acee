/**
 * A synthetic Zeek conn.log for measurements: `rows` connections with payload over `days` days, 20,000 inside hosts and
 * 200,000 peers drawn with a heavy head, 3 % IPv6, 2 % long connections, most bytes in few flows. Seeded; the same
 * arguments give the same file. For measuring only: nothing is fitted to it.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

const header =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n' +
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\t' +
  'local_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n' +
  '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\t' +
  'count\tcount\tcount\tset[string]\n'
const services = ['ssl', 'http', 'dns', 'ssh', '-', 'ssl', 'ssl']
const ports = [443, 80, 53, 22, 2811]

export function writeConnLog(path, { rows, days, start_s = 1_700_006_400, seed = 12345 }) {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const headHeavy = (many) => Math.floor(many * random() ** 3)
  const file = openSync(path, 'w')
  writeSync(file, header)
  let lines = []
  for (let i = 0; i < rows; i++) {
    const ts = start_s + (i / rows) * days * 86_400 + random()
    const h = headHeavy(20_000)
    const p = headHeavy(200_000)
    const host = `10.${(h >> 14) & 255}.${(h >> 7) & 127}.${h & 127}`
    const peer =
      random() < 0.03
        ? `2a02:${(p & 0xffff).toString(16)}::${(p >> 3).toString(16)}`
        : `${20 + (p >> 16)}.${(p >> 8) & 255}.${p & 255}.${p % 250}`
    const outwards = random() < 0.6
    const duration = random() < 0.02 ? random() * 5000 : random() * 3
    const orig = Math.floor(random() ** 6 * 1e6) + 60
    const resp = Math.floor(random() ** 6 * 3e6) + 100
    const [a, b] = outwards ? [host, peer] : [peer, host]
    lines.push(
      `${ts.toFixed(6)}\tC${i.toString(36)}x${state.toString(36)}\t${a}\t${1024 + ((state >>> 16) % 60_000)}\t${b}\t` +
        `${ports[state % 5]}\ttcp\t${services[state % 7]}\t${duration.toFixed(6)}\t${orig}\t${resp}\tSF\tT\tF\t0\tShADadFf\t` +
        `${1 + (orig >> 10)}\t${orig + 60}\t${1 + (resp >> 10)}\t${resp + 60}\t-\n`,
    )
    if (lines.length === 8192) {
      writeSync(file, lines.join(''))
      lines = []
    }
  }
  writeSync(file, lines.join(''))
  closeSync(file)
}
