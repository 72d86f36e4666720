import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExplorerPage, openExplorer, openTab, pressRun, seeInResponse } from './explorerPage.ts';
import { type RunningServer, startServer } from './runningServer.ts';

const chromium = process.env['CHROMIUM'];
const suite = chromium ? describe : describe.skip;

interface WarfarinPatients {
  readonly patients: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly medications: readonly { readonly name: string }[] } }[];
  };
}

async function ask<T>(url: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { readonly data?: T; readonly errors?: readonly { readonly message: string }[] };
  if (errors || !data) throw new Error(errors?.map(({ message }) => message).join('; ') ?? 'no data');
  return data;
}

/** A demo patient on warfarin who does not take amiodarone. */
async function patientWithoutAmiodarone(url: string): Promise<string> {
  const found = await ask<WarfarinPatients>(
    url,
    '{ patients(first: 20, filter: { drug: "warfarin" }) { edges { node { id medications(status: ACTIVE) { name } } } } }',
  );
  const patient = found.patients.edges.find(({ node }) => node.medications.every(({ name }) => name !== 'amiodarone'));
  if (!patient) throw new Error('every demo patient on warfarin takes amiodarone');
  return patient.node.id;
}

async function startAmiodarone(url: string): Promise<readonly unknown[]> {
  const input = {
    patientId: await patientWithoutAmiodarone(url),
    drug: 'amiodarone',
    startedAt: new Date().toISOString(),
    idempotencyKey: `browser-test-${Date.now()}`,
  };
  const mutation = 'mutation ($input: StartMedicationInput!) { startMedication(input: $input) { userErrors { code message } } }';
  const { startMedication } = await ask<{ readonly startMedication: { readonly userErrors: readonly unknown[] } }>(url, mutation, {
    input,
  });
  return startMedication.userErrors;
}

suite('the explorer in a real Chromium (skipped where CHROMIUM names none)', () => {
  let server: RunningServer;
  let explorer: ExplorerPage;

  beforeAll(async () => {
    server = await startServer();
    explorer = await openExplorer(String(chromium), server.url);
  }, 180_000);

  afterAll(async () => {
    await explorer?.close();
    await server?.stop();
  });

  it('says that the patients are synthetic and that it is no medical device', async () => {
    expect(await explorer.page.title()).toBe('Avicenna explorer');
    expect(await explorer.page.getByRole('banner').innerText()).toMatch(/synthetic.*not a medical device/s);
  });

  it('opens with the worked examples under their titles', async () => {
    const titles = await explorer.page.locator('.graphiql-tab-button').allInnerTexts();
    expect(titles.map((title) => title.trim())).toEqual([
      "A clinician's patient page",
      'Why this dose',
      'What would lower the risk',
      'How ill, hour by hour',
      'Genotype to prescription',
      'Which drug fits this tumour',
      'Why not this drug',
      'Which trial',
      'What links two things',
      'What changed',
      'Live: risk as it changes',
      'Start amiodarone',
      'Who sees what',
      'How many of which kind',
      "A frontend's list",
      "An analyst's filtered list",
    ]);
  });

  it("shows CYP2C9 *1/*3 of DEMO-0001 on the clinician's page", async () => {
    await openTab(explorer.page, "A clinician's patient page", 'PatientPage');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"identifier": "DEMO-0001"');
    await seeInResponse(explorer.page, '"symbol": "CYP2C9"');
    await seeInResponse(explorer.page, '"alleles": ["*1", "*3"]');
  });

  it('says there what the guidelines advise', async () => {
    expect(await explorer.page.getByLabel('The answer in words and pictures').innerText()).toMatch(
      /DEMO-0001: what the guidelines advise.*warfarin: REDUCE/s,
    );
  });

  it('says how to get a picture where the answer holds none', async () => {
    await openTab(explorer.page, "A frontend's list", 'PatientList');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"edges"');
    expect(await explorer.page.getByLabel('The answer in words and pictures').innerText()).toMatch(/no picture.*Why this dose/s);
  });

  it('draws why DEMO-0001 needs this dose, after saying how well the model works for people like her', async () => {
    await openTab(explorer.page, 'Why this dose', 'WhyThisDose');
    await pressRun(explorer.page);
    const panel = explorer.page.getByLabel('The answer in words and pictures');
    const picture = panel.getByRole('img');
    await picture.waitFor();
    const width = await picture.evaluate(async (element) => {
      const image = element as unknown as { readonly naturalWidth: number; decode(): Promise<void> };
      await image.decode();
      return image.naturalWidth;
    });
    expect(width).toBeGreaterThan(0);
    expect(await picture.getAttribute('alt')).toMatch(/Weekly warfarin dose.*This patient: 12\.7 mg\/week/s);
    expect(await panel.innerText()).toMatch(/How well the model works.*mean absolute error.*Weekly warfarin dose: 12\.7 mg\/week/s);
  });

  it('says what would lower the risk of DEMO-0016, and what his genes say of a statin', async () => {
    await openTab(explorer.page, 'What would lower the risk', 'WhatWouldLowerRisk');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"counterfactuals"');
    const panel = explorer.page.getByLabel('The answer in words and pictures');
    await panel.getByRole('img').waitFor();
    expect(await panel.innerText()).toMatch(
      /What would have to be otherwise.*Smokes no instead of yes.*simvastatin: alternative by SLCO1B1/s,
    );
  });

  it('says which drug fits the tumour of DEMO-0017, why not the one that she has, and which trial', async () => {
    const panel = explorer.page.getByLabel('The answer in words and pictures');
    await openTab(explorer.page, 'Which drug fits this tumour', 'WhichDrugFits');
    await pressRun(explorer.page);
    await panel.getByText('treatment options').waitFor();
    expect(await panel.innerText()).toMatch(/lung adenocarcinoma.*Osimertinib: fits.*Level A for sensitivity with EGFR T790M/s);
    await openTab(explorer.page, 'Why not this drug', 'WhyNotThisDrug');
    await pressRun(explorer.page);
    await panel.getByRole('img').first().waitFor();
    expect(await panel.innerText()).toMatch(/Erlotinib: not for this patient.*Level A for resistance with EGFR T790M/s);
    expect(await panel.getByRole('img').first().getAttribute('alt')).toMatch(
      /Erlotinib: the evidence.*EGFR T790M, meets, EGFR T790M, studied in, EID238/s,
    );
    await openTab(explorer.page, 'Which trial', 'WhichTrial');
    await pressRun(explorer.page);
    await panel.getByText('DEMO-T1').waitFor();
    expect(await panel.innerText()).toMatch(
      /DEMO-T1: Made-up trial.*: met.*cannot be told: .*copy number.*Settled by: A test of the copy number of MET/s,
    );
  });

  it('draws what links two things', async () => {
    await openTab(explorer.page, 'What links two things', 'EvidencePaths');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"evidencePaths"');
    const picture = explorer.page.getByLabel('The answer in words and pictures').getByRole('img');
    await picture.waitFor();
    expect(await picture.getAttribute('alt')).toMatch(/From osimertinib to non-small cell lung carcinoma.*EGFR/s);
  });

  it('draws the points of NEWS2 at the hour of the shock of DEMO-0010', async () => {
    await openTab(explorer.page, 'How ill, hour by hour', 'EarlyWarning');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"category": "HIGH"');
    const picture = explorer.page.getByLabel('The answer in words and pictures').getByRole('img');
    await picture.waitFor();
    expect(await picture.getAttribute('alt')).toMatch(/NEWS2.*This patient: \d+ points/s);
  });

  it('says what guidelines advise for DEMO-0015, draws what was read of each gene, and says what would settle UGT1A1', async () => {
    await openTab(explorer.page, 'Genotype to prescription', 'GenotypeToPrescription');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"phenoconvertedPhenotype"');
    const panel = explorer.page.getByLabel('The answer in words and pictures');
    const pictures = panel.getByRole('img');
    await pictures.nth(3).waitFor();
    expect(await panel.innerText()).toMatch(/DEMO-0015: what the guidelines advise.*clopidogrel: (AVOID|ALTERNATIVE)/s);
    const spoken = await Promise.all((await pictures.all()).map((picture) => picture.getAttribute('alt')));
    expect(spoken.join('\n')).toMatch(/CYP2C19 \*1\/\*2: Intermediate Metabolizer/);
    expect(spoken.join('\n')).toMatch(/UGT1A1 .*Not read \(1\): rs3064744/s);
  });

  it('shows a change of risk by itself, and names amiodarone as its reason', async () => {
    await openTab(explorer.page, 'Live: risk as it changes', 'WatchRisk');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"event": null');
    expect(await startAmiodarone(server.url)).toEqual([]);
    await seeInResponse(explorer.page, '"label": "Amiodarone"');
    await seeInResponse(explorer.page, '"cause": "MEDICATION"');
    await pressRun(explorer.page);
  });

  it('asks in the role that is chosen: an analyst finds no name, the patient the own record', async () => {
    const choose = async (role: string) => {
      await explorer.page.getByLabel('Asking as').selectOption({ label: role });
      await explorer.page.locator('.graphiql-query-editor .view-line').first().waitFor();
      await openTab(explorer.page, "A clinician's patient page", 'PatientPage');
      await pressRun(explorer.page);
    };
    expect(await explorer.page.getByLabel('Asking as').inputValue()).toBe('CLINICIAN');
    await choose('analyst');
    await seeInResponse(explorer.page, '"code": "FORBIDDEN"');
    expect(await explorer.page.getByRole('banner').innerText()).toMatch(/sees patients who agreed to research/);
    await openTab(explorer.page, 'Who sees what', 'WhoSeesWhat');
    await pressRun(explorer.page);
    await seeInResponse(explorer.page, '"text": "Identifier, date of birth and free text are not shown to your role."');
    await choose('patient');
    await seeInResponse(explorer.page, '"identifier": "DEMO-0001"');
    await choose('clinician');
  });

  it('asked nothing of any other host', () => {
    const { host } = new URL(server.url);
    const foreign = explorer.requested.filter((address) => !/^(data|blob):/.test(address) && new URL(address).host !== host);
    expect(explorer.requested.length).toBeGreaterThan(0);
    expect(foreign).toEqual([]);
  });

  it('broke no rule of the content security policy and logged no error', () => {
    expect(explorer.complaints).toEqual([]);
  });
});
