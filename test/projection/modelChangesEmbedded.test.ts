import { modelChangeContract } from './modelChangeContract.ts';

modelChangeContract('embedded');
