import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { actionable } from '@rodpo/errors';

/** The files of a model, relative to its folder: those that decide its vectors. */
export interface ModelFiles {
  /** The graph, such as `onnx/model.onnx`. */
  readonly graph: string;
  /** Tokenizer, preprocessor, … */
  readonly settings: readonly string[];
}

/** All files a model needs, once its `config.json` can be read. */
export async function listModelFiles(folder: string, files: ModelFiles): Promise<string[]> {
  const config = await readJson(folder, 'config.json').catch(() => undefined);
  return ['config.json', ...files.settings, files.graph, ...weightFiles(config, files.graph)];
}

export async function missingFiles(folder: string, files: readonly string[]): Promise<string[]> {
  const present = await Promise.all(files.map((file) => exists(join(folder, file))));
  return files.filter((_, index) => !present[index]);
}

/** SHA-256 over names and contents, so that it changes with any byte of any file. */
export async function modelChecksum(folder: string, files: readonly string[]): Promise<string> {
  const whole = createHash('sha256');
  for (const file of files.toSorted()) {
    const content = createHash('sha256');
    await pipeline(createReadStream(join(folder, file)), content);
    whole.update(`${file}\0${content.digest('hex')}\n`);
  }
  return whole.digest('hex');
}

/** @throws {Error} if the file is not JSON */
export async function readJson(folder: string, file: string): Promise<unknown> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw actionable(
      new Error(`Expected JSON in ${path}. Copy or download the file again.`, { cause }),
    );
  }
}

/**
 * Large graphs keep their weights in files beside them, and the config says in how many.
 *
 * @see https://huggingface.co/docs/transformers.js, `use_external_data_format`
 */
function weightFiles(config: unknown, graph: string): string[] {
  const name = graph.slice(graph.lastIndexOf('/') + 1);
  const settings = config as { 'transformers.js_config'?: { use_external_data_format?: unknown } };
  const format = settings?.['transformers.js_config']?.use_external_data_format;
  const count = Number(isRecord(format) ? (format[name] ?? format[baseName(name)] ?? 0) : format);
  return Array.from(
    { length: Number.isInteger(count) ? count : 0 },
    (_, index) => `${graph}_data${index === 0 ? '' : `_${index}`}`,
  );
}

/** `model_fp16.onnx` → `model`, `vision_model.onnx` → `vision_model`. */
function baseName(name: string): string {
  return name.replace(/(_(fp16|int8|uint8|quantized|q4|q4f16|bnb4))?\.onnx$/, '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
