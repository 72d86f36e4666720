import { deadLetterContract } from './deadLetterContract.ts';

deadLetterContract('embedded');
