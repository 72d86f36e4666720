import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const PATIENCE_MS = 60_000;
/** High enough that the editor draws every line of a patient's page: it draws only those in view. */
const VIEWPORT = { width: 1440, height: 3000 };

export interface ExplorerPage {
  readonly page: Page;
  /** Addresses that the page asked for: HTTP, workers and WebSockets. */
  readonly requested: readonly string[];
  /** Errors and warnings of the console, where Chromium reports violations of the content security policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

async function launch(executablePath: string): Promise<{ browser: Browser; context: BrowserContext }> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
  const context = await browser.newContext({ viewport: VIEWPORT });
  context.setDefaultTimeout(PATIENCE_MS);
  return { browser, context };
}

/** The explorer at `url` in a real Chromium, ready to run queries. */
export async function openExplorer(executablePath: string, url: string): Promise<ExplorerPage> {
  const { browser, context } = await launch(executablePath);
  const page = await context.newPage();
  const requested: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => requested.push(request.url()));
  page.on('websocket', (socket) => requested.push(socket.url()));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const answer = await page.goto(url);
  if (answer?.status() !== 200) throw new Error(`${url} answers ${answer?.status()}: is dist/explorer built? (npm run build)`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.result-window .monaco-editor').waitFor();
  return { page, requested, complaints, close: () => browser.close() };
}

/** Opens the example with this title. */
export async function openTab(page: Page, title: string, operation: string): Promise<void> {
  await page.getByRole('button', { name: title, exact: true }).click();
  await page.locator('.graphiql-query-editor .view-lines', { hasText: operation }).waitFor();
}

/** Presses the button that runs (or stops) the operation of the open tab. */
export async function pressRun(page: Page): Promise<void> {
  await page.locator('.graphiql-execute-button').click();
}

/** Waits until the response pane shows the text; spaces and line breaks do not count. */
export async function seeInResponse(page: Page, text: string): Promise<void> {
  const wanted = text.replaceAll(/\s/g, '');
  const shown = () => page.locator('.result-window .view-line').allInnerTexts();
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    if ((await shown()).join('').replaceAll(/\s/g, '').includes(wanted)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`The response never showed ${text}. It shows:\n${(await shown()).join('\n')}`);
}
