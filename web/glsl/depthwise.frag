#version 300 es
// Depthwise 2D convolution: y[b, i, j, c] = sum over the window of x * w, each channel with a filter of its own.
// x is [batch, HEIGHT, WIDTH, CHANNELS], w is [KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, 1], CHANNELS a multiple of 4, both
// row-major, four elements a texel. A fragment computes four channels at the same place of LAYERS images, GROUP apart, and
// reads w once for all. Cost per place of the window: LAYERS + 1 fetches for 4 * LAYERS multiply-adds.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define LAYERS 1
#define HEIGHT u[1]
#define WIDTH u[2]
#define CHANNELS u[3]
#define OUT_HEIGHT u[4]
#define OUT_WIDTH u[5]
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
  int image = HEIGHT * WIDTH * texelOf(CHANNELS);
  int c4 = texelOf(CHANNELS);
  int p = divide(t, c4);
  int c = t - p * c4;
  int q = divide(p, OUT_WIDTH);
  int x0 = (p - q * OUT_WIDTH) * STRIDE_X - BEFORE_X;
  int b = divide(q, OUT_HEIGHT);
  int y0 = (q - b * OUT_HEIGHT) * STRIDE_Y - BEFORE_Y;
#define DECLARE(l, acc, a, r) vec4 acc = vec4(0.); int r = (b + l * GROUP) * image;
  EACH(DECLARE)
  for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
    int y = y0 + ky * DILATION_Y;
    if (y < 0 || y >= HEIGHT) continue;
    for (int kx = 0; kx < KERNEL_WIDTH; kx++) {
      int x = x0 + kx * DILATION_X;
      if (x < 0 || x >= WIDTH) continue;
      int pixel = (y * WIDTH + x) * c4 + c;
      vec4 w = fetch1((ky * KERNEL_WIDTH + kx) * c4 + c);
#define STEP(l, acc, a, r) acc += fetch0(r + pixel) * w;
      EACH(STEP)
    }
  }
  EACH(FINISH)
}
