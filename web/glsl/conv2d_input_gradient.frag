#version 300 es
// Gradient of a 2D convolution for its input: dx[b, y, x, c] = sum over windows that hold (y, x) of g * w.
// g is [batch, OUT_HEIGHT, OUT_WIDTH, FILTERS], w is [KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, FILTERS], both row-major, four
// elements a texel. A fragment computes four channels at the same place of LAYERS images, GROUP apart.
// Cost per 4 filters, CHANNELS and FILTERS multiples of 4: LAYERS + 4 fetches for 16 * LAYERS multiply-adds.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define ALIGNED_C 1
#define ALIGNED_O 1
#define DILATED 0
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

void main() {
  int t = texel();
  if (t >= TEXELS) return;
  #if ALIGNED_O
  int filters = texelOf(FILTERS);
#else
  int filters = FILTERS;
#endif
  int result = OUT_HEIGHT * OUT_WIDTH * filters;
#if ALIGNED_C
  int c4 = texelOf(CHANNELS);
  int p = divide(t, c4);
  int c = (t - p * c4) * 4;
  int q = divide(p, WIDTH);
  int x0 = p - q * WIDTH + BEFORE_X;
  int b = divide(q, HEIGHT);
  int y0 = q - b * HEIGHT + BEFORE_Y;
#define DECLARE(l, acc, a, r) vec4 acc = vec4(0.); int r = (b + l * GROUP) * result;
  EACH(DECLARE)
  // The windows i, j that hold this place, and where it lies in them; without dilation they are neighbours.
  int i0 = max(0, divide(y0 - KERNEL_HEIGHT * DILATION_Y + DILATION_Y + STRIDE_Y - 1, STRIDE_Y));
  int i1 = min(OUT_HEIGHT - 1, divide(y0, STRIDE_Y));
  int j0 = max(0, divide(x0 - KERNEL_WIDTH * DILATION_X + DILATION_X + STRIDE_X - 1, STRIDE_X));
  int j1 = min(OUT_WIDTH - 1, divide(x0, STRIDE_X));
  for (int i = i0; i <= i1; i++) {
    int ky = y0 - i * STRIDE_Y;
#if DILATED
    ky = divide(ky, DILATION_Y);
    if (ky * DILATION_Y != y0 - i * STRIDE_Y) continue;
#endif
    for (int j = j0; j <= j1; j++) {
      int kx = x0 - j * STRIDE_X;
#if DILATED
      kx = divide(kx, DILATION_X);
      if (kx * DILATION_X != x0 - j * STRIDE_X) continue;
#endif
      int pixel = (i * OUT_WIDTH + j) * filters;
      int w = ((ky * KERNEL_WIDTH + kx) * CHANNELS + c) * filters;
#if ALIGNED_O
      for (int o = 0; o < filters; o++) {
        vec4 w0 = fetch1(w), w1 = fetch1(w + filters), w2 = fetch1(w + 2 * filters), w3 = fetch1(w + 3 * filters);
        w++;
#define STEP(l, acc, a, r) vec4 a = fetch0(r + pixel + o); \
        acc += vec4(dot(a, w0), dot(a, w1), dot(a, w2), dot(a, w3));
        EACH(STEP)
      }
#else
      for (int o = 0; o < FILTERS; o++) {
        vec4 w0 = vec4(element1(w + o), element1(w + FILTERS + o), element1(w + 2 * FILTERS + o),
                       element1(w + 3 * FILTERS + o));
#define STEP(l, acc, a, r) acc += element0(r + pixel + o) * w0;
        EACH(STEP)
      }
#endif
    }
  }
  EACH(FINISH)
#else
  vec4 acc = vec4(0.);
  for (int lane = 0; lane < 4; lane++) {
    int e = t * 4 + lane;
    int p = divide(e, CHANNELS);
    int c = e - p * CHANNELS;
    int q = divide(p, WIDTH);
    int x0 = p - q * WIDTH + BEFORE_X;
    int b = divide(q, HEIGHT);
    int y0 = q - b * HEIGHT + BEFORE_Y;
    float total = 0.;
    int image = b * OUT_HEIGHT * OUT_WIDTH * FILTERS;
    for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
      int y = y0 - ky * DILATION_Y;
      int i = divide(y, STRIDE_Y);
      if (y < 0 || i >= OUT_HEIGHT || i * STRIDE_Y != y) continue;
      for (int kx = 0; kx < KERNEL_WIDTH; kx++) {
        int x = x0 - kx * DILATION_X;
        int j = divide(x, STRIDE_X);
        if (x < 0 || j >= OUT_WIDTH || j * STRIDE_X != x) continue;
        int pixel = image + (i * OUT_WIDTH + j) * FILTERS;
        int w = ((ky * KERNEL_WIDTH + kx) * CHANNELS + c) * FILTERS;
        for (int o = 0; o < FILTERS; o++) total += element0(pixel + o) * element1(w + o);
      }
    }
    acc[lane] = total;
  }
  finish(0, acc, t);
#endif
}
