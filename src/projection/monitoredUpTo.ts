/** Where the monitor stands by what it told: needed where the graph that knew it is of another log. */
import { decodeEnvelope, type PayloadCodec } from '../events/envelope.ts';
import { compareSeq, type EventLog } from '../events/eventLog.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../monitoring/riskEvent.ts';

/**
 * The event before the last one that a risk was told of. From there on all models are asked again: what they told then is told
 * only once (its id is that of the patient, the event and the model), and what a stop kept them from telling is made up for.
 */
export async function monitoredUpTo(log: EventLog, codec: PayloadCodec): Promise<string> {
  let last = '0';
  for await (const item of log.read({ after: '0' })) {
    if (item.kind !== 'event') continue;
    const envelope = decodeEnvelope(item.seq, item.body);
    if (envelope.type !== RISK_EVENT_TYPE) continue;
    const { causeSeq } = readRiskPayload(codec.decode(envelope));
    if (compareSeq(causeSeq, last) > 0) last = causeSeq;
  }
  return last === '0' ? '0' : String(BigInt(last) - 1n);
}
