import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { createRoot } from 'react-dom/client';
import { demoPatientId } from './demoPatient.ts';
import { Explorer } from './Explorer.tsx';
import { makeFetcher } from './fetcher.ts';
import { AMIODARONE_PATIENT } from './tabs.ts';

const place = document.getElementById('explorer');
if (!place) throw new Error('index.html has no element #explorer');

const patientId = await demoPatientId(AMIODARONE_PATIENT, window.location);
createRoot(place).render(<Explorer fetcher={makeFetcher(window.location)} storage={window.sessionStorage} patientId={patientId} />);
