export interface Exclusion {
  readonly reason: string;
  /** Whether the tests run and must fail, or do not run. */
  readonly outcome: 'fails' | 'skipped';
  /** Of `file > suite > … > test`. */
  readonly tests: readonly RegExp[];
}

export const exclusions: readonly Exclusion[] = [
  {
    reason: 'onnxruntime treats NaN otherwise in reductions and pools',
    outcome: 'fails',
    tests: [
      /> (max|min) > return NaNs$/,
      /> arg(max|min) > ignores NaNs$/,
      /> maxPoolWithArgmax > .* ignores NaNs$/,
    ],
  },
  {
    reason: 'a check of values, which a trace does not have',
    outcome: 'fails',
    tests: [
      /> gather > throws when index is out of bound$/,
      /> broadcastArgs > \(\[1,2\], \[1,3\]\) -> error$/,
    ],
  },
  {
    reason: 'a negative index is one from the end',
    outcome: 'fails',
    tests: [/> unsortedSegmentSum > ignores negative segmentIds$/],
  },
  {
    reason: 'an order that is not defined',
    outcome: 'fails',
    tests: [/> topk > lower-index element appears first, sorted=false$/],
  },
  {
    reason: 'the last bit of a float32 decides, which differs from processor to processor',
    outcome: 'skipped',
    tests: [/> exp > int32$/, /> tan > numbers exceed float32 precision$/],
  },
  {
    reason: 'it needs a browser',
    outcome: 'skipped',
    tests: [/\(not in Node\)/],
  },
  {
    reason: 'the op awaits values, which a trace does not have',
    outcome: 'skipped',
    tests: [/Async/],
  },
];

/** Kernels without a rule that tests stop at, by the reason that there is none. */
export const unmappedKernels: Readonly<Record<string, readonly string[]>> = {
  strings: [
    'strings',
    'StaticRegexReplace',
    'StringNGrams',
    'StringSplit',
    'StringToHashBucketFast',
  ],
  'complex numbers': ['Complex'],
  'values decide the shape of the result': [
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'RaggedGather',
    'RaggedRange',
    'RaggedTensorToTensor',
    'SparseFillEmptyRows',
    'SparseReshape',
    'SparseSegmentMean',
    'SparseSegmentSum',
    'Unique',
  ],
  'random numbers drawn by tfjs': ['Multinomial'],
  'pixels of a browser': ['FromPixels'],
};
