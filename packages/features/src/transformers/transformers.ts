/** A tensor of transformers.js, as a model takes and gives it. */
interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

export interface RuntimeModel {
  (inputs: Record<string, RuntimeTensor>): Promise<Record<string, RuntimeTensor>>;
  dispose(): Promise<unknown>;
}

export interface RuntimeTokenizer {
  /** Token ids of a text, special tokens included, not truncated. */
  encode(text: string): number[];
  readonly pad_token_id?: number | undefined;
  readonly model_max_length?: number | undefined;
}

interface Loader<Loaded> {
  from_pretrained(path: string, options: Record<string, unknown>): Promise<Loaded>;
}

/** The settings that transformers.js keeps for a whole process. */
export interface TransformersEnvironment {
  readonly version: string;
  readonly cacheDir: string | null;
  readonly remoteHost: string;
  allowRemoteModels: boolean;
  allowLocalModels: boolean;
  localModelPath: string;
  useBrowserCache: boolean;
  useCustomCache: boolean;
}

/** What is used of `@xenova/transformers` 2 and `@huggingface/transformers` 3 and 4. */
export interface Transformers {
  readonly env: TransformersEnvironment;
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => RuntimeTensor;
  readonly AutoModel: Loader<RuntimeModel>;
  readonly AutoTokenizer: Loader<RuntimeTokenizer>;
  readonly CLIPTextModelWithProjection: Loader<RuntimeModel>;
  readonly CLIPVisionModelWithProjection: Loader<RuntimeModel>;
}

/** `@xenova/transformers` became `@huggingface/transformers` with version 3. */
export function isXenova({ env }: Transformers): boolean {
  return env.version.startsWith('2.');
}

/** The package and its version, such as `@huggingface/transformers@4.3.1`. */
export function runtimeName(transformers: Transformers): string {
  const name = isXenova(transformers) ? '@xenova/transformers' : '@huggingface/transformers';
  return `${name}@${transformers.env.version}`;
}
