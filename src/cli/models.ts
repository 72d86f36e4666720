/** The models that commands and the server use: those that ship, or those of the folder that AVICENNA_MODELS names. */
import { type Config, readConfig } from './config.ts';
import { PLACES } from './places.ts';

export const modelsFolder = ({ AVICENNA_MODELS }: Config = readConfig(process.env)): string => AVICENNA_MODELS ?? PLACES.models;
