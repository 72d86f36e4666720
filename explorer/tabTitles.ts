interface TitledTab {
  title: string;
  readonly operationName: string | null;
}

/**
 * Gives tabs the titles of the examples. GraphiQL 5.4 knows only titles made of the operation's name, and hands each
 * new state of the tabs to `onTabChange` before it becomes the state: what is written into it there is what is drawn.
 */
export function titleTabs(tabs: readonly TitledTab[], titles: ReadonlyMap<string, string>): void {
  for (const tab of tabs) tab.title = titles.get(tab.operationName ?? '') ?? tab.title;
}
