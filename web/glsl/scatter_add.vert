#version 300 es
// Sum of rows by index: y[index[n], d] += x[n, d]; a point per texel of x (per element if rows are no whole texels), blended.
// index is [N], x is [N, INNER], y is [ROWS, INNER], all row-major, four elements a texel; INNER counts texels if ALIGNED.
// Cost: one fetch of x and one of the index for each point; points that meet in a texel are added in the order of x.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define ALIGNED 1
#define INNER u[0]
#define ROWS u[1]
#define WIDTH_BITS u[2]
#define HEIGHT u[3]
// @generated
uniform isampler2D s0;
uniform sampler2D s1;
uniform int u[4];
ivec2 place(int t, int bits) { return ivec2(t & ~(-1 << bits), t >> bits); }
ivec4 fetch0(int t) { return texelFetch(s0, ivec2(t & 2047, t >> 11), 0); }
vec4 fetch1(int t) { return texelFetch(s1, ivec2(t & 2047, t >> 11), 0); }
int element0(int i) { return fetch0(i >> 2)[i & 3]; }
float element1(int i) { return fetch1(i >> 2)[i & 3]; }
// @end
flat out vec4 value;

void main() {
  int n = gl_VertexID / INNER;
  int row = element0(n);
  int to = row * INNER + gl_VertexID - n * INNER;
#if ALIGNED
  int t = to;
  value = fetch1(gl_VertexID);
#else
  int t = to >> 2;
  value = vec4(0.);
  value[to & 3] = element1(gl_VertexID);
#endif
  vec2 at = (vec2(place(t, WIDTH_BITS)) + 0.5) / vec2(1 << WIDTH_BITS, HEIGHT);
  bool inside = row >= 0 && row < ROWS;
  gl_Position = vec4(inside ? at * 2. - 1. : vec2(2.), 0., 1.);
  gl_PointSize = 1.;
}
