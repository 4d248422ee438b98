import { join } from 'node:path';
import { NativeProgram, type ProgramParts } from './native-program.ts';
import { encodeConstants } from './onnx-model.ts';
import { createProfileFolder } from './profile.ts';
import { createSession, loadRuntime, type SessionOptions } from './session.ts';
import { names } from './trace.ts';

/** Makes the session of a program, traced now or read from a file. */
export async function startProgram(
  parts: Omit<ProgramParts, 'runtime' | 'session' | 'profileFolder'>,
  options: SessionOptions,
): Promise<NativeProgram> {
  const runtime = await loadRuntime();
  const profileFolder = options.profile ? await createProfileFolder() : undefined;
  const prefix = profileFolder === undefined ? undefined : join(profileFolder, 'run');
  const session = await createSession(runtime, wholeModel(parts), options, prefix);
  return new NativeProgram({ ...parts, runtime, session, profileFolder });
}

/** The model with what is frozen. Protocol buffers one after another are one, with all they hold. */
function wholeModel({ form, model, values }: Parameters<typeof startProgram>[0]): Uint8Array {
  if (!form.isFrozen) return model;
  const constants = Object.entries(form.carried).map(([name, { dtype, shape }]) => {
    const { buffer, byteOffset, byteLength } = values[name]!;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return { name: names.state(name), type: dtype, shape, bytes };
  });
  return Buffer.concat([model, encodeConstants(constants)]);
}
