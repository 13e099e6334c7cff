#version 300 es
// 2D convolution: y[b, i, j, o] = sum over the window and channels of x * w.
// x is [batch, HEIGHT, WIDTH, CHANNELS], w is [KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, FILTERS], both row-major, four elements
// a texel. A fragment computes four filters at the same place of LAYERS images, GROUP apart, and reads w once for all.
// With UNALIGNED_ROWS the columns of a window are neighbours, so that each of its rows is a run of elements, read four at a time:
// LAYERS + 4 fetches for 16 * LAYERS multiply-adds, for any CHANNELS (then GROUP images are whole texels). FILTERS is a
// multiple of 4 for it.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define ALIGNED_C 1
#define ALIGNED_O 1
#define UNALIGNED_ROWS 0
#define LAYERS 1
#define HEIGHT u[1]
#define WIDTH u[2]
#define CHANNELS u[3]
#define OUT_HEIGHT u[4]
#define OUT_WIDTH u[5]
#define FILTERS u[6]
#define KERNEL_HEIGHT u[7]
#define KERNEL_WIDTH u[8]
#define STRIDE_Y u[9]
#define STRIDE_X u[10]
#define DILATION_Y u[11]
#define DILATION_X u[12]
#define BEFORE_Y u[13]
#define BEFORE_X u[14]
#define GROUP u[15]
#define TEXELS u[16]
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

bvec4 within(ivec4 at, int first, int end) {
  return bvec4(ivec4(greaterThanEqual(at, ivec4(first))) & ivec4(lessThan(at, ivec4(end))));
}

void main() {
  int t = texel();
  if (t >= TEXELS) return;
#if ALIGNED_O
  int o4 = texelOf(FILTERS);
  int p = divide(t, o4);
  int o = t - p * o4;
  int q = divide(p, OUT_WIDTH);
  int x0 = (p - q * OUT_WIDTH) * STRIDE_X - BEFORE_X;
  int b = divide(q, OUT_HEIGHT);
  int y0 = (q - b * OUT_HEIGHT) * STRIDE_Y - BEFORE_Y;
#if UNALIGNED_ROWS
  int line = WIDTH * CHANNELS;
  int run = KERNEL_WIDTH * CHANNELS;
  int first = x0 * CHANNELS;
  // The elements of a row of the window that lie in the image.
  int low = max(0, -first), high = min(run, line - first);
  int group = texelOf(GROUP * HEIGHT * line);
#define DECLARE(l, acc, a, r) vec4 acc = vec4(0.); int r = l * group;
  EACH(DECLARE)
  for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
    int y = y0 + ky * DILATION_Y;
    if (y < 0 || y >= HEIGHT) continue;
    int start = (b * HEIGHT + y) * line + first + low;
    int x = texelOf(start);
    int w = ky * run * o4 + o;
#if ALIGNED_C
    w += low * o4;
    for (int j = low; j < high; j += 4) {
      vec4 w0 = fetch1(w), w1 = fetch1(w + o4), w2 = fetch1(w + 2 * o4), w3 = fetch1(w + 3 * o4);
      w += 4 * o4;
#define STEP(l, acc, a, r) vec4 a = fetch0(x + r); acc += a.x * w0 + a.y * w1 + a.z * w2 + a.w * w3;
      EACH(STEP)
      x++;
    }
#else
    for (int j = low - (start & 3); j < high; j += 4) {
      ivec4 at = ivec4(j) + ivec4(0, 1, 2, 3);
      bvec4 inside = within(at, low, high);
      at = w + clamp(at, low, high - 1) * o4;
      vec4 w0 = fetch1(at.x), w1 = fetch1(at.y), w2 = fetch1(at.z), w3 = fetch1(at.w);
#define STEP(l, acc, a, r) \
      vec4 a = mix(vec4(0.), fetch0(x + r), inside); \
      acc += a.x * w0 + a.y * w1 + a.z * w2 + a.w * w3;
      EACH(STEP)
      x++;
    }
#endif
  }
#else
#if ALIGNED_C
  int channels = texelOf(CHANNELS);
#else
  int channels = CHANNELS;
#endif
#define DECLARE(l, acc, a, r) vec4 acc = vec4(0.); int r = (b + l * GROUP) * HEIGHT * WIDTH * channels;
  EACH(DECLARE)
  for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
    int y = y0 + ky * DILATION_Y;
    if (y < 0 || y >= HEIGHT) continue;
    for (int kx = 0; kx < KERNEL_WIDTH; kx++) {
      int x = x0 + kx * DILATION_X;
      if (x < 0 || x >= WIDTH) continue;
      int pixel = (y * WIDTH + x) * channels;
      int w = (ky * KERNEL_WIDTH + kx) * CHANNELS * o4 + o;
#if ALIGNED_C
      for (int c = 0; c < channels; c++) {
        vec4 w0 = fetch1(w), w1 = fetch1(w + o4), w2 = fetch1(w + 2 * o4), w3 = fetch1(w + 3 * o4);
        w += 4 * o4;
#define STEP(l, acc, a, r) vec4 a = fetch0(r + pixel + c); acc += a.x * w0 + a.y * w1 + a.z * w2 + a.w * w3;
        EACH(STEP)
      }
#else
      for (int c = 0; c < CHANNELS; c++) {
        vec4 w0 = fetch1(w);
        w += o4;
#define STEP(l, acc, a, r) acc += element0(r + pixel + c) * w0;
        EACH(STEP)
      }
#endif
    }
  }
#endif
  EACH(FINISH)
#else
  vec4 acc = vec4(0.);
  for (int lane = 0; lane < 4; lane++) {
    int e = t * 4 + lane;
    int p = divide(e, FILTERS);
    int o = e - p * FILTERS;
    int q = divide(p, OUT_WIDTH);
    int x0 = (p - q * OUT_WIDTH) * STRIDE_X - BEFORE_X;
    int b = divide(q, OUT_HEIGHT);
    int y0 = (q - b * OUT_HEIGHT) * STRIDE_Y - BEFORE_Y;
    float total = 0.;
    for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
      int y = y0 + ky * DILATION_Y;
      if (y < 0 || y >= HEIGHT) continue;
      for (int kx = 0; kx < KERNEL_WIDTH; kx++) {
        int x = x0 + kx * DILATION_X;
        if (x < 0 || x >= WIDTH) continue;
        int pixel = ((b * HEIGHT + y) * WIDTH + x) * CHANNELS;
        int w = (ky * KERNEL_WIDTH + kx) * CHANNELS * FILTERS + o;
        for (int c = 0; c < CHANNELS; c++) total += element0(pixel + c) * element1(w + c * FILTERS);
      }
    }
    acc[lane] = total;
  }
  finish(0, acc, t);
#endif
}
