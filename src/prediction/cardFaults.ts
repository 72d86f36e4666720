/** What is wrong with a card that a schema cannot see. */
import type { ModelCard } from './card.ts';

/** Every one of `names` belongs to exactly one player. */
function ownershipFaults(what: string, names: readonly string[], owned: readonly string[]): string[] {
  return names.flatMap((name) => {
    const count = owned.filter((one) => one === name).length;
    return count === 1 ? [] : [`the ${what} '${name}' belongs to ${count} players, expected 1`];
  });
}

function playerFaults({ inputs, columns, players }: ModelCard): string[] {
  const byColumns = players.filter((player) => player.columns !== undefined);
  if (byColumns.length === 0) {
    const names = inputs.filter(({ type, eligibility }) => type !== 'identifier' && !eligibility).map(({ name }) => name);
    return ownershipFaults(
      'input',
      names,
      players.flatMap((player) => player.inputs),
    );
  }
  if (byColumns.length < players.length) return ['either all players name the columns that they own, or none'];
  return ownershipFaults(
    'column',
    columns.map(({ name }) => name),
    players.flatMap((player) => player.columns ?? []),
  );
}

function intervalFaults({ interval }: ModelCard): string[] {
  if (!interval) return [];
  if (!interval.groups) return interval.from ? [] : ['the interval has neither groups nor a spread'];
  const lists = [interval.groups, ...Object.values(interval.byRace ?? {})];
  const open = lists.some((groups) => groups.at(-1)?.known.length !== 0);
  return open ? ['the last interval group must be the fallback, with no input required'] : [];
}

function historyFaults({ history, columns }: ModelCard): string[] {
  const has = columns.some(({ encode }) => encode === 'history');
  return has === (history != null) ? [] : ['columns from a history need `history`, and the other way round'];
}

/** Faults that a schema cannot see: names that do not resolve, an input in no player or in two. */
export function cardFaults(card: ModelCard): string[] {
  const inputs = new Set(card.inputs.map(({ name }) => name));
  const used = [
    ...card.columns.flatMap((column) => ('input' in column ? [column.input] : [])),
    ...card.players.flatMap((player) => player.inputs),
    ...(card.interval?.groups ?? []).flatMap(({ known }) => known),
    ...(card.history ? [card.history.subject, card.history.time] : []),
    ...(card.trajectory ? [card.trajectory.input] : []),
  ];
  const unknown = new Set(used.filter((name) => !inputs.has(name)));
  return [
    ...[...unknown].map((name) => `'${name}' is used but is not an input`),
    ...playerFaults(card),
    ...intervalFaults(card),
    ...historyFaults(card),
  ];
}
