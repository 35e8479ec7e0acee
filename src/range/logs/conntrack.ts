/** Bindings of the NAT gateway as `conntrack -E -o timestamp` prints their beginning and end. */
import { epochSeconds, type LogFile, type LogFormat } from './log.ts'

const nat: LogFile = { folder: 'nat' }

export const conntrack: LogFormat = {
  record: (binding, emit) => {
    if (binding.kind !== 'nat') return
    const { start_ms, end_ms, node_address, node_port, nat_address, nat_port, peer, peer_port } = binding
    const inner = `src=${node_address} dst=${peer} sport=${node_port} dport=${peer_port}`
    const outer = `src=${peer} dst=${nat_address} sport=${peer_port} dport=${nat_port}`
    const line = (ms: number, text: string): string => `[${epochSeconds(ms)}]\t${text}\n`
    const began = line(start_ms, `    [NEW] tcp      6 120 SYN_SENT ${inner} [UNREPLIED] ${outer}`)
    emit(nat, 'conntrack.log', start_ms, began)
    emit(nat, 'conntrack.log', end_ms, line(end_ms, `[DESTROY] tcp      6 ${inner} ${outer} [ASSURED]`))
  },
}
