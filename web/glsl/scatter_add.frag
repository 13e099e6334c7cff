#version 300 es
// Writes the value of a point; blending adds it to what is there (scatter_add.vert).
precision highp float;
flat in vec4 value;
layout(location = 0) out vec4 out0;

void main() { out0 = value; }
