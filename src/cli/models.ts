/** The models that commands and the server use: those that ship, or those of the folder that AVICENNA_MODELS names. */
import { type LoadedModel, type ModelRegistry, modelNamed } from '../prediction/registry.ts';
import { type Config, readConfig } from './config.ts';
import { PLACES } from './places.ts';

export const modelsFolder = ({ AVICENNA_MODELS }: Config = readConfig(process.env)): string => AVICENNA_MODELS ?? PLACES.models;

/** A model as it is named on the command line: NAME, or NAME@VERSION for one that is not in force. */
export function modelAsked(registry: ModelRegistry, reference: string): LoadedModel {
  const [name = '', version = null] = reference.split('@', 2);
  return modelNamed(registry, name, version);
}
