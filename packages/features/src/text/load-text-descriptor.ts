import { actionable, quote } from '@rodpo/errors';
import {
  FileDamagedError,
  openSafetensors,
  SafetensorsError,
  type SafetensorsFile,
} from '@rodpo/files';
import { type FittedText, modelName, revision } from './fitted-text.ts';
import { type TextDescriptor, textDescriptor } from './text-descriptor.ts';

/** What `saveFittedText` keeps beside the arrays. */
interface FitHeader extends Pick<FittedText, 'settings' | 'documentCount'> {
  readonly model: string;
  readonly revision: string;
  readonly checksum: string;
}

/**
 * A descriptor that `save` wrote: the same vectors, bit for bit. For machines with little-endian
 * numbers, which is all that Node.js runs on but IBM's z.
 *
 * @throws {Error} if the file cannot be read, is damaged, or was fitted by another revision
 */
export async function loadTextDescriptor(file: string): Promise<TextDescriptor> {
  const { fit, fitted } = await readFit(file);
  if (fit.model !== modelName || fit.revision !== revision) {
    const theirs = `${quote(String(fit.model))} revision ${quote(String(fit.revision))}`;
    throw actionable(
      new Error(
        `${file} was fitted by ${theirs}, this is ${modelName} revision ${revision}: fit and save it again.`,
      ),
    );
  }
  const descriptor = textDescriptor(fitted);
  if (descriptor.description.checksum === fit.checksum) return descriptor;
  throw damaged(file, 'its checksum does not fit');
}

async function readFit(file: string): Promise<{ fit: FitHeader; fitted: FittedText }> {
  try {
    const opened = await openSafetensors(file);
    try {
      await opened.check();
      return await parseFit(opened);
    } finally {
      await opened.close();
    }
  } catch (cause) {
    if (cause instanceof SafetensorsError) throw damaged(file, cause.problem, cause);
    // Shapes or settings that are not there, not those of a fit, or of an absurd size.
    const isOther = [SyntaxError, TypeError, RangeError].some((kind) => cause instanceof kind);
    throw isOther ? damaged(file, 'it holds something else', cause) : cause;
  }
}

async function parseFit(opened: SafetensorsFile): Promise<{ fit: FitHeader; fitted: FittedText }> {
  const fit: FitHeader = JSON.parse(opened.metadata.fit!);
  const count = opened.tensors.find(({ name }) => name === 'columns')!.shape[0]!;
  const fitted = {
    settings: fit.settings,
    documentCount: fit.documentCount,
    idf: new Float64Array(count),
    columns: new Int32Array(count),
    projection: new Float32Array(count * fit.settings.dimension),
  };
  await opened.read('idf', fitted.idf);
  await opened.read('columns', fitted.columns);
  await opened.read('projection', fitted.projection);
  return { fit, fitted };
}

function damaged(file: string, problem: string, cause?: unknown): Error {
  const advice = 'Copy it again, or fit and save it again.';
  const damage = { problem: `it is not a whole text descriptor: ${problem}`, advice };
  return new FileDamagedError(file, damage, { cause });
}
