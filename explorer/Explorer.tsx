import { type TabsState, useGraphiQLActions } from '@graphiql/react';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect } from 'react';
import { AnswerPanel } from './AnswerPanel.tsx';
import { makeExamples, tabOf } from './tabs.ts';
import { titleTabs } from './tabTitles.ts';

const STORED_TABS = 'graphiql:tabState';

/** GraphiQL reports its tabs when they change: this asks it to once, so that the first ones carry titles as well. */
function FirstTitles() {
  const { updateActiveTabValues } = useGraphiQLActions();
  useEffect(() => updateActiveTabValues({}), [updateActiveTabValues]);
  return null;
}

interface ExplorerProps {
  readonly fetcher: Fetcher;
  /** Keeps edits and identifiers for this window only: nothing of a patient stays in the browser. */
  readonly storage: Storage;
  readonly patientId: string | null;
}

export function Explorer({ fetcher, storage, patientId }: ExplorerProps) {
  const examples = makeExamples(patientId);
  const titles = new Map(examples.map(({ operation, title }) => [operation, title]));
  const tabs = examples.map(tabOf);
  // GraphiQL 5.4 drops the variables of the first default tab, and opens one tab more on every reload if they are
  // given again then.
  const first = storage.getItem(STORED_TABS) === null ? { initialVariables: tabs[0]?.variables ?? '' } : {};
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      defaultTabs={tabs}
      {...first}
      defaultEditorToolsVisibility="variables"
      isHeadersEditorEnabled={false}
      onTabChange={(state: TabsState) => titleTabs(state.tabs, titles)}
    >
      <GraphiQL.Logo> </GraphiQL.Logo>
      <GraphiQL.Footer>
        <AnswerPanel />
      </GraphiQL.Footer>
      <FirstTitles />
    </GraphiQL>
  );
}
