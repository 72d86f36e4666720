// The Python of the benches whose baseline or models come from there: PYTHON names it, or one is made in .bench the first time.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where benches leave what they make; not part of the repository. */
export const folder = fileURLToPath(new URL('../.bench/', import.meta.url));

function python() {
  if (process.env.PYTHON) return process.env.PYTHON;
  const own = `${folder}venv/bin/python`;
  if (!existsSync(own)) {
    execFileSync('python3', ['-m', 'venv', `${folder}venv`], { stdio: 'inherit' });
    execFileSync(own, ['-m', 'pip', 'install', '-q', 'shap==0.51.0', 'onnx==1.20.0', 'scikit-learn'], { stdio: 'inherit' });
  }
  return own;
}

export const interpreter = python();
export const script = fileURLToPath(new URL('explain.py', import.meta.url));

/** Trains gradient-boosted models on synthetic data of 20 columns; leaves NAME.onnx and rows.f64 in .bench/models. */
export function makeModels(names) {
  execFileSync(interpreter, [script, 'make', `${folder}models`, ...names], { stdio: 'inherit' });
}
