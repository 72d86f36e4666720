import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { createRoot } from 'react-dom/client';
import { AskingAs } from './AskingAs.tsx';
import { demoPatientId } from './demoPatient.ts';
import { Explorer } from './Explorer.tsx';
import { makeFetcher } from './fetcher.ts';
import { headersForSchema, headersOf, openSession } from './session.ts';
import { AMIODARONE_PATIENT } from './tabs.ts';

const place = document.getElementById('explorer');
if (!place) throw new Error('index.html has no element #explorer');

const storage = window.sessionStorage;
const session = await openSession(window.location, storage);
const headers = headersOf(session);
const askingAs = document.getElementById('asking-as');
if (askingAs) createRoot(askingAs).render(<AskingAs session={session} storage={storage} />);
const patientId = await demoPatientId(AMIODARONE_PATIENT, window.location, headers);
const fetcher = makeFetcher(window.location, headers, headersForSchema(session));
createRoot(place).render(<Explorer fetcher={fetcher} storage={storage} patientId={patientId} />);
