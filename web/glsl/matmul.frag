#version 300 es
// Product of matrices: C[b, m, n] = sum over k of A[b, m, k] * B[b, k, n].
// A is [batch, M, K] ([batch, K, M] if TRANSPOSE_A), B is [batch, K, N] ([batch, N, K] if TRANSPOSE_B), both row-major, four
// elements a texel. A fragment computes four columns of LAYERS rows, ROWS apart (batch is 1 then).
// Cost per 4 k, N and K multiples of 4: LAYERS + 4 fetches for 16 * LAYERS multiply-adds; with UNALIGNED_ROWS, for other N,
// 10 for 16 (6 if TRANSPOSE_B); otherwise up to 8 for 4.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define TRANSPOSE_A 0
#define TRANSPOSE_B 0
#define ALIGNED_N 1
#define ALIGNED_K 1
#define UNALIGNED_ROWS 0
#define LAYERS 1
#define M u[0]
#define N u[1]
#define K u[2]
#define BATCHED_A u[3]
#define BATCHED_B u[4]
#define ROWS u[5]
#define TEXELS u[6]
// @generated
uniform sampler2D s0;
uniform sampler2D s1;
uniform int u[17];
uniform vec4 d[3];
vec2 texelUv(float t, vec4 d) { float y = floor(t * d.y); return vec2(t - y * d.x + 0.5, y + 0.5) * d.zw; }
int texelOf(int i) { return int(floor(float(i) * 0.25)); }
int divide(int a, int b) { return int((float(a) + 0.5) / float(b)); }
layout(location = 0) out vec4 out0;
vec4 fetch0(int t) { return texture(s0, texelUv(float(t), d[0])); }
vec4 fetch1(int t) { return texture(s1, texelUv(float(t), d[1])); }
float element0(int i) { return fetch0(texelOf(i))[i & 3]; }
float element1(int i) { return fetch1(texelOf(i))[i & 3]; }
int texel() { return int(gl_FragCoord.y) * int(d[2].x) + int(gl_FragCoord.x); }
void finish(int layer, vec4 acc, int t) { if (layer == 0) out0 = acc; }
// @end

// One fragment computes the same texel of every layer; no token pasting in GLSL, so the names are arguments.
#if LAYERS == 8
#define EACH(X) X(0, acc0, a0, r0) X(1, acc1, a1, r1) X(2, acc2, a2, r2) X(3, acc3, a3, r3) \
                X(4, acc4, a4, r4) X(5, acc5, a5, r5) X(6, acc6, a6, r6) X(7, acc7, a7, r7)
#elif LAYERS == 4
#define EACH(X) X(0, acc0, a0, r0) X(1, acc1, a1, r1) X(2, acc2, a2, r2) X(3, acc3, a3, r3)
#else
#define EACH(X) X(0, acc0, a0, r0)
#endif
#define FINISH(l, acc, a, r) finish(l, acc, t + l * TEXELS);

int indexA(int start, int m, int k) {
#if TRANSPOSE_A
  return start + k * M + m;
#else
  return start + m * K + k;
#endif
}
int indexB(int start, int k, int n) {
#if TRANSPOSE_B
  return start + n * K + k;
#else
  return start + k * N + n;
#endif
}

// Four elements of B that begin with element i.
vec4 run1(int i) {
  int t = texelOf(i);
  vec4 a = fetch1(t), b = fetch1(t + 1);
  bvec2 offset = bvec2(i & 1, i & 2);
  vec4 first = offset.x ? vec4(a.yzw, b.x) : a;
  vec2 second = offset.x ? b.yz : b.xy;
  return offset.y ? vec4(first.zw, second) : first;
}

void main() {
  int t = texel();
  if (t >= TEXELS) return;
#if ALIGNED_N
  int n4 = texelOf(N);
  int row = divide(t, n4);
  int n = (t - row * n4) * 4;
  int batch = divide(row, M);
  row -= batch * M;
  int startA = batch * BATCHED_A * M * K;
  int startB = batch * BATCHED_B * K * N;
#define DECLARE(l, acc, a, r) vec4 acc = vec4(0.);
  EACH(DECLARE)
#if ALIGNED_K && !TRANSPOSE_A
  int k4 = texelOf(K);
#define ROW(l, acc, a, r) int r = texelOf(startA) + (row + l * ROWS) * k4;
  EACH(ROW)
#if TRANSPOSE_B
  int c = texelOf(startB) + n * k4;
  for (int k = 0; k < k4; k++) {
    vec4 b0 = fetch1(c + k), b1 = fetch1(c + k4 + k), b2 = fetch1(c + 2 * k4 + k), b3 = fetch1(c + 3 * k4 + k);
#define STEP(l, acc, a, r) vec4 a = fetch0(r + k); acc += vec4(dot(a, b0), dot(a, b1), dot(a, b2), dot(a, b3));
    EACH(STEP)
  }
#else
  int c = texelOf(startB + n);
  for (int k = 0; k < k4; k++) {
    vec4 b0 = fetch1(c), b1 = fetch1(c + n4), b2 = fetch1(c + 2 * n4), b3 = fetch1(c + 3 * n4);
    c += 4 * n4;
#define STEP(l, acc, a, r) vec4 a = fetch0(r + k); acc += a.x * b0 + a.y * b1 + a.z * b2 + a.w * b3;
    EACH(STEP)
  }
#endif
#else
#define ROW(l, acc, a, r) int r = row + l * ROWS;
  EACH(ROW)
  for (int k = 0; k < K; k++) {
#if TRANSPOSE_B
    int c = indexB(startB, k, n);
    vec4 b = vec4(element1(c), element1(c + K), element1(c + 2 * K), element1(c + 3 * K));
#else
    vec4 b = fetch1(texelOf(indexB(startB, k, n)));
#endif
#define STEP(l, acc, a, r) acc += element0(indexA(startA, r, k)) * b;
    EACH(STEP)
  }
#endif
  EACH(FINISH)
#elif UNALIGNED_ROWS
  // Columns fill no texels: the four elements lie in this row, or from some lane on in the next.
  int row = divide(t * 4, N);
  int n = t * 4 - row * N;
  ivec4 column = ivec4(n) + ivec4(0, 1, 2, 3);
  bvec4 next = greaterThanEqual(column, ivec4(N));
  vec4 acc = vec4(0.);
#if TRANSPOSE_B
  column -= ivec4(next) * N;
#if ALIGNED_K && !TRANSPOSE_A
  int k4 = texelOf(K);
  ivec4 c = column * k4;
  for (int k = 0; k < k4; k++) {
    vec4 a0 = fetch0(row * k4 + k), a1 = fetch0(row * k4 + k4 + k);
    acc.x += dot(a0, fetch1(c.x + k));
    acc.y += dot(mix(a0, a1, bvec4(next.y)), fetch1(c.y + k));
    acc.z += dot(mix(a0, a1, bvec4(next.z)), fetch1(c.z + k));
    acc.w += dot(mix(a0, a1, bvec4(next.w)), fetch1(c.w + k));
  }
#else
  ivec4 c = column * K;
  for (int k = 0; k < K; k++) {
    vec4 a = mix(vec4(element0(indexA(0, row, k))), vec4(element0(indexA(0, row + 1, k))), next);
    acc += a * vec4(element1(c.x + k), element1(c.y + k), element1(c.z + k), element1(c.w + k));
  }
#endif
#else
  // Four elements of B from one on are columns of row k, and those that wrap around of row k + 1: they are kept for its turn.
  int c = n - N;
  vec4 held = run1(c);
#define STEP(a0, a1) { \
    c += N; \
    vec4 b = run1(c); \
    acc += mix(vec4(a0), vec4(a1), next) * mix(b, held, next); \
    held = b; \
  }
#if ALIGNED_K && !TRANSPOSE_A
  int k4 = texelOf(K);
  for (int k = 0; k < k4; k++) {
    vec4 a0 = fetch0(row * k4 + k), a1 = fetch0(row * k4 + k4 + k);
    STEP(a0.x, a1.x)
    STEP(a0.y, a1.y)
    STEP(a0.z, a1.z)
    STEP(a0.w, a1.w)
  }
#else
  for (int k = 0; k < K; k++) STEP(element0(indexA(0, row, k)), element0(indexA(0, row + 1, k)))
#endif
#endif
  finish(0, acc, t);
#else
  vec4 acc = vec4(0.);
  for (int lane = 0; lane < 4; lane++) {
    int e = t * 4 + lane;
    int row = divide(e, N);
    int n = e - row * N;
    int batch = divide(row, M);
    row -= batch * M;
    int startA = batch * BATCHED_A * M * K;
    int startB = batch * BATCHED_B * K * N;
    float total = 0.;
    for (int k = 0; k < K; k++) total += element0(indexA(startA, row, k)) * element1(indexB(startB, k, n));
    acc[lane] = total;
  }
  finish(0, acc, t);
#endif
}
