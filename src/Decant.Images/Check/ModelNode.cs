namespace Decant.Images;

/// <summary>What a name of a layer is to be: a <see cref="ModelDirectory"/>, a <see cref="ModelFile"/>, or a whiteout.</summary>
abstract class ModelNode
{
    public static ModelNode Whiteout { get; } = new WhiteoutNode();

    sealed class WhiteoutNode : ModelNode;
}
