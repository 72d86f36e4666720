import { projectionContract } from './contract.ts';
import { restartContract } from './restartContract.ts';

projectionContract('embedded');
restartContract('embedded');
