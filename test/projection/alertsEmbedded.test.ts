import { alertContract } from './alertContract.ts';

alertContract('embedded');
