/** Puts together what follows the log: the projector, the monitor, the alerts and the clock. */
import type { Logger } from 'pino';
import type { PayloadCodec } from '../events/envelope.ts';
import type { SealedLog } from '../events/sealed/sealedLog.ts';
import { type AlertRule, checkRuleModels, readAlertRules } from '../monitoring/alertRule.ts';
import { isBound } from '../prediction/features.ts';
import type { LiveModels } from '../prediction/liveModels.ts';
import { Alarms } from '../projection/alarms.ts';
import { Alerts } from '../projection/alerts.ts';
import { ModelChanges } from '../projection/modelChanges.ts';
import { Monitor } from '../projection/monitor.ts';
import { Projector } from '../projection/projector.ts';
import { ToldRisks } from '../projection/toldRisks.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Config } from './config.ts';
import { PLACES } from './places.ts';

export interface MonitoringOptions {
  readonly store: GraphStore;
  readonly log: SealedLog;
  readonly codec: PayloadCodec;
  readonly models: Pick<LiveModels, 'current'>;
  /** The knowledge release in force. */
  readonly release: string;
  readonly config: Config;
  readonly logger: Logger;
}

/** The rules of the file that is set, whose models must all be there, or those that ship, as far as their models are. */
function heardRules({ config, logger, models: { current } }: MonitoringOptions): AlertRule[] {
  const own = config.AVICENNA_ALERT_RULES;
  const rules = readAlertRules(own ?? PLACES.alertRules);
  if (own !== undefined) checkRuleModels(rules, new Set(current.models.keys()), own);
  const heard = rules.filter(({ model }) => current.models.has(model) && isBound(model));
  const unheard = rules.filter((rule) => !heard.includes(rule)).map(({ name }) => name);
  if (unheard.length > 0) logger.warn({ rules: unheard }, 'alert rules of models that are not asked of a record are not used');
  return heard;
}

const VISIBLE_WITHIN_MS = 10_000;

const named = (error: Error) => ({ name: error.name, code: (error as { code?: string }).code });

export interface Monitoring {
  readonly projector: Projector;
  readonly alarms: Alarms;
  readonly modelChanges: ModelChanges;
  readonly alertRules: readonly AlertRule[];
}

export function openMonitoring(options: MonitoringOptions): Monitoring {
  const { store, log, codec, models: live, release, logger } = options;
  const models = () => [...live.current.models.values()].filter(({ card }) => isBound(card.name));
  const alertRules = heardRules(options);
  const alerts = new Alerts({ store, codec, rules: alertRules });
  const onError = (error: Error) => logger.warn(named(error), 'an alert that is due waits');
  const alarms: Alarms = new Alarms({
    log,
    store,
    alerts,
    models,
    onError,
    waitFor: (seq, timeoutMs) => projector.waitFor(seq, timeoutMs),
  });
  const told = new ToldRisks(store);
  const monitor = new Monitor({
    log,
    store,
    codec,
    models,
    release,
    told,
    alerts,
    alarms,
    noteLogged: (event) => projector.noteAhead(event),
  });
  const onHalt = (error: Error) => logger.error(named(error), 'the projection stopped');
  const onSetAside = (what: object) => logger.error(what, 'an event could not be applied and was set aside');
  const projector: Projector = new Projector({ log, store, codec, monitor, told, alerts, alarms, onSetAside, onHalt });
  const modelChanges = new ModelChanges({
    log,
    store,
    models,
    monitor,
    onError: (error) => logger.error(named(error), 'the patients were not gone through with the new models: the next start does it'),
    waitFor: (seq, monitored) => projector.waitFor(seq, VISIBLE_WITHIN_MS, monitored),
  });
  return { projector, alarms, alertRules, modelChanges };
}
